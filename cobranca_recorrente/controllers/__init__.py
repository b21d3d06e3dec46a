from . import payment_pages
from . import payment_ways
from . import invoice_portal
from . import open_payments
from . import own_data
from . import payment_link
from . import portal
from . import simulation
