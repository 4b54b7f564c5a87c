"""The server: a page and an API over opened datasets; `app.create_app` makes it."""
