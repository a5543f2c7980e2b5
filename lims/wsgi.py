"""The WSGI application of the environment's settings, for the server's worker processes."""
from lims.app import create_app

application = create_app()
