"""Who may ask for what: tokens, hosts, origins, rates, and how large a request may be."""
