"""Every sentence a person reads: reviewed texts by key and language. Never decides what happens."""
