"""Jobs: exports, balances, orders and reports that run beside the server, each in a process."""
