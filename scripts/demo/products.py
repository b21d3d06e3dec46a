"""What the demo company sells."""

PRODUCTS = {
    # key: (name, price per month, or of one)
    "fundamental": ("Mensalidade Ensino Fundamental", 1280.00),
    "medio": ("Mensalidade Ensino Médio", 1490.00),
    "integral": ("Período integral", 620.00),
    "material": ("Material didático (parcela)", 145.00),
    "enrolment": ("Taxa de matrícula", 350.00),
    "gym_basic": ("Plano Academia Essencial", 119.90),
    "gym_full": ("Plano Academia Completo", 189.90),
    "gym_family": ("Dependente no plano Academia", 79.90),
    "saas_basic": ("Assinatura Gestor Essencial", 249.00),
    "saas_pro": ("Assinatura Gestor Profissional", 690.00),
    "saas_user": ("Usuário adicional do Gestor", 39.00),
    "saas_messages": ("Mensagens enviadas pelo Gestor", 0.12),
    "fee": ("Multa por rescisão antecipada", 1.00),
}
