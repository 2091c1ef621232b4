"""Checks of Desktop Chat; run them with `python3 packaging/bootstrap.py test`."""
