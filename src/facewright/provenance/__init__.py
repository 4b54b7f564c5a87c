"""Licences, attribution and the documents that go out with every export."""
