"""Runs inside of an Odoo process (see `Worker.inject`)."""

import requests


def post(url, body, headers):
    """:raise requests.HTTPError: when the service refuses"""
    requests.post(url, json=body, headers=headers, timeout=10).raise_for_status()
