{'name':'x','license':'LGPL-3','depends':['account_payment','base_vat','l10n_br','mail','portal','sms'],'version':'19.0.1.0.0','installable':True}
