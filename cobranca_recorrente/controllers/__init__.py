from . import own_data
from . import portal
