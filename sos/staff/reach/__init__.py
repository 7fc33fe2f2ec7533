"""How a member of the staff is reached: linked and verified ways, pages to them."""
