"""Pairs followed by mail: requests, confirmations, alerts and the weekly digest."""
