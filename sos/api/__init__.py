"""The public JSON door: the directory as HSDS. Shows public services only, sets no cookie, keeps nothing about who asks."""
