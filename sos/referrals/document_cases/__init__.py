"""Papers as tracked steps - birth registration, court, citizenship - with a mediator, for people who are never asked for papers."""
