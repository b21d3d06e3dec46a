"""Stop the demo server and the private PostgreSQL."""

import get_postgres
import server
from common import main


def stop():
    server.stop()
    get_postgres.stop()


if __name__ == "__main__":
    main(stop)
