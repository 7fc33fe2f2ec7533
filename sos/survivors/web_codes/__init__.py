"""Short codes by which somebody who writes by telephone opens a box on the web page, too."""
