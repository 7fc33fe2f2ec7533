"""Answers that several questions offer. Their labels stand in every language under `option.<word>`."""

from typing import Final

from sos.bot.engine import END
from sos.bot.messages import Option

GO_ON: Final = Option("go", "option.go_on")
YES: Final = Option("yes", "option.yes")
NO: Final = Option("no", "option.no")
SKIP: Final = Option("skip", "option.skip")
STOP_HERE: Final = Option(END, "option.end")
NUMBERS: Final = Option("numbers", "option.numbers")
PERSON: Final = Option("person", "option.person")
SERVICE: Final = Option("service", "option.service")
MENU: Final = Option("menu", "option.menu")
OTHERS: Final = Option("others", "option.others")
