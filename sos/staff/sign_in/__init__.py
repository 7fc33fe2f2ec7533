"""Password, second factor and sessions of the staff. Never touches a survivor's row or cookie; stores no IP address."""
