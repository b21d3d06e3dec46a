from . import own_data
from . import portal
from . import simulation
