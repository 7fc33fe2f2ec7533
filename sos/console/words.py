"""The console's own words for what the rooms name in codes. A code without words is shown as it is, never hidden."""

from collections.abc import Mapping
from typing import Final

STATES: Final[Mapping[str, str]] = {
    "received": "nobody has taken it",
    "being_shown": "nobody has taken it (on screen)",
    "taken": "taken, not opened yet",
    "opened": "opened, not answered yet",
    "answered": "answered",
    "handed_over": "handed over, not taken yet",
    "closed": "closed",
    "false_alarm": "closed as a false alarm",
}
URGENCIES: Final[Mapping[str, str]] = {"emergency": "Danger to life", "urgent": "Urgent", "ordinary": "Ordinary"}
REASONS: Final[Mapping[str, str]] = {
    "sos": "she sent the SOS word",
    "sos_word": "she sent the SOS word",
    "violence": "words of violence now",
    "weapon": "a weapon",
    "death_threat": "a threat to kill",
    "choking": "choking",
    "injury": "an injury",
    "suicide": "she speaks of dying",
    "overdose": "an overdose",
    "fire": "fire",
    "locked_in": "locked in",
    "at_the_door": "somebody is at the door",
    "house_rings": "a house rings for itself",
    "children_in_danger": "children in danger",
    "sexual_violence": "sexual violence",
    "unreadable": "her message could not be read, an SOS word was in it",
    "repeated": "she asked again",
    "duress": "the duress word: she may be forced",
    "silence": "she has fallen silent",
    "silent": "she has fallen silent",
    "check_in": "she did not write by the time she chose",
    "check_in_missed": "she did not write by the time she chose",
    "minor": "under 18",
    "trafficking": "signs of trafficking",
    "cancel": "her device asked to cancel",
    "wrong_word": "a wrong check word",
    "risk_answers": "the answers to a questionnaire",
}
MARKS: Final[Mapping[str, str]] = {
    "cancel": "Her device asked to cancel. Unverified: it may not be her. Paging went on.",
    "duress": "The duress word was used: she may be forced to write. Act as if she is watched.",
    "safe": "Her device says that she is safe. Unverified.",
    "late_check_in": "An answer to the check-in came late. Unverified.",
    "wrong_word": "A wrong check word was tried.",
    "withdrawal": "Her device asked to withdraw consent. Unverified.",
    "erase": "Her device asked to erase everything. What she wrote is hidden there; close this alert when it is safe.",
}
ENTRIES: Final[Mapping[str, str]] = {
    "words": "She wrote",
    "place": "Place",
    "point": "A point on the map",
    "call_192_yes": "She says: a colleague may call the police for her.",
    "call_192_no": "She says: do not call the police for her.",
    "answer": "Her answer",
    "staff": "Internal note",
    "note": "Internal note",
    "hand_over": "Handed over",
    "second_opinion": "Second opinion asked",
    "supervisor": "Supervisor called",
    "outcome": "Closed",
    "taken": "Taken",
    "opened": "Opened",
    "answered": "Answered",
    "nuisance": "Marked as a nuisance",
    "conflict": "Given away for good",
    "another_person": "She asked for another person",
    "call_unasked": "A colleague called the police without being able to ask her",
    "codes_guessed": "Wrong page codes were tried",
}
TASKS: Final[Mapping[str, str]] = {
    "contact_her": "Write to her",
    "doubtful_sos": "May have been an SOS",
    "possible_probe": "Somebody may be searching for places",
    "perpetrator": "He wrote",
    "minor": "Under 18",
    "trafficking": "Signs of trafficking",
    "stale_reply": "She has not been told: an answer did not reach her",
    "unreadable": "A message could not be read",
    "third_party": "Somebody wrote for another person",
    "blocked_text": "A text was held back by the content check",
    "colleague": "Left by a colleague",
    "place_found": "A shelter said yes: see the search for a room",
    "no_place": "No shelter that was asked said yes",
    "offer": "An offer that she asked to hear of: speak with her",
    "document_step": "A step of papers waits: see Papers",
    "review": "For a supervisor to look at",
    "consent_withdrawn": "A consent was withdrawn from her device: ask her",
    "referral_overdue": "A referral has had no answer",
    "group_refused": "A shelter or an agency refuses a group of people: for a supervisor",
    "tell_her": "Tell her what was shared or reported without her yes",
    "plan_due": "An item of a safety plan is due",
    "plan_overdue": "A house has an overdue item in a safety plan: see overdue plans",
    "check_in_missed": "Her check word did not come by the time she chose: she wished that a colleague finds this",
    "check_in_gap": "Nobody will be on duty at the time of a check-in",
    "rota_gap": "Nobody stands in the rota at a time that is near: see Duty",
    "test_calls": "Numbers not tried at night for 30 days: see the night list",
}
FIRST_TASKS: Final = (
    "doubtful_sos",
    "check_in_missed",
    "minor",
    "trafficking",
    "unreadable",
    "stale_reply",
    "check_in_gap",
    "place_found",
    "contact_her",
)
"""Kinds of tasks in the order of their weight; all others follow, by waiting time."""
OUTCOMES: Final[Mapping[str, str]] = {
    "safe_for_now": "Safe for now",
    "safer_place": "She is in a safer place",
    "police_came": "The police came",
    "medical_care": "In medical care",
    "referred": "Referred to a service",
    "advised": "Advised, she decides",
    "not_reached": "Not reached, every way was tried",
    "transferred": "Another organisation has it",
    "duplicate": "The same as another alert",
}
DELIVERY: Final[Mapping[str, str]] = {
    "waiting": "not sent yet",
    "sent": "sent",
    "delivered": "delivered",
    "failed": "failed: she has not got it",
    "held": "held: she has not been told",
    "expired": "too old, not sent: she has not been told",
}
TOLD: Final[Mapping[str, str]] = {
    "being_shown": "it is on a screen, nobody has read it yet",
    "taken": "a colleague takes it, not read yet",
    "opened": "a person has read it",
    "missed": "nobody has read it yet",
    "repaged": "everyone is asked again",
    "handed_over": "another person goes on",
    "closed": "a person has closed it",
    "nobody_on_duty": "nobody is on duty now",
    "on_duty_again": "somebody is on duty again",
    "stop_sharing": "her place is deleted here, her phone may still share it",
}
CALLS: Final[Mapping[str, str]] = {
    "never": "Never call her: she has allowed no calls.",
    "no_voicemail": "She may be called in the hours she allowed. Leave nothing on a machine, ask nobody else for her.",
    "voicemail": "She may be called in the hours she allowed. A neutral word may be left.",
}
CHAIN: Final[Mapping[str, str]] = {
    "worker": "the worker gives no sign of life: nothing is answered or sent",
    "watchdog": "the watchdog gives no sign of life",
    "inbox": "messages wait unread",
    "sos": "an answer to an SOS has not left",
    "page": "a page to a colleague has not left",
    "deadline": "a deadline has not fired",
    "gateway": "a gateway gives no sign of life",
    "synthetic": "the daily test SOS did not come through",
    "untaken": "an SOS waits for a person",
}
"""What it means that a part of the chain is late."""
CHANNELS: Final[Mapping[str, str]] = {"sms": "SMS", "telegram": "Telegram", "web": "web chat"}
LANGUAGES: Final[Mapping[str, str]] = {
    "sq": "Albanian",
    "sr": "Serbian",
    "bs": "Bosnian",
    "tr": "Turkish",
    "rom": "Romani",
    "en": "English",
}


def of(words: Mapping[str, str], code: str) -> str:
    """The words for a code."""
    return words.get(code, code.replace("_", " ").replace(".", ": "))
