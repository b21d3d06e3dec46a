from . import acceptance_paper
