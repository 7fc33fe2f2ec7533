"""Every column of the database: its class and how long it is kept. A test holds it complete. Stores nothing."""

from collections.abc import Mapping
from enum import StrEnum


class Class(StrEnum):
    """How a column must be treated."""

    SEALED = "sealed"  #: readable only with a person's, an alert's, an epoch's or the place key
    INDEX = "index"  #: an HMAC: finds, never reads
    OPERATIONAL = "operational"  #: ids, states, times, counts: no content
    PUBLIC = "public"  #: published directory data


KEPT: Mapping[str, str] = {
    "inbox": "body and sender until answered; the once-only key 30 days",
    "outbox": "body and address until settled; the row 30 days",
    "deadlines": "30 days after firing",
    "heartbeats": "7 days",
    "audit": "as the jurisdiction's file says; never content",
    "audit_seals": "with audit",
    "survivors": "until ERASE or retention",
    "contacts": "until ERASE or retention",
    "words": "until ERASE or retention",
    "phrases": "until revoked, ERASE or retention",
    "conversations": "until ERASE or retention",
    "messages": "until ERASE or retention",
    "contact_rules": "until she changes them, ERASE or retention",
    "check_ins": "30 days after it ended; the plan until it ended or ERASE",
    "evidence": "until she erases it, ERASE or retention; what could not be fetched 2 hours",
    "evidence_chunks": "with evidence",
    "own_plans": "until she erases it, ERASE or retention",
    "alerts": "as the jurisdiction's file says, after closing",
    "alert_entries": "with the alert",
    "alert_bars": "with the alert; the survivor's id until ERASE",
    "pages": "with the alert",
    "tasks": "30 days after it is done",
    "task_notes": "with the task; until ERASE",
    "aliases": "until ERASE or retention",
    "shifts": "two years: who was on duty when she wrote",
    "rota_turns": "two years after they end",
    "rota_changes": "two years",
    "duty_feeds": "until revoked or the member leaves",
    "staff_ways": "until removed or the member leaves",
    "staff_codes": "a day",
    "staff_guesses": "an hour",
    **dict.fromkeys(
        (
            "organisations",
            "services",
            "places",
            "phones",
            "hours",
            "coverage",
            "capacities",
            "service_accepts",
            "service_languages",
            "directory_versions",
        ),
        "while the service is listed",
    ),
    "hidden_services": "while the shelter is listed; sealed under the place key",
    "consents": "until ERASE; one year after it ended",
    "referrals": "words until it ends; the row one year",
    "referral_events": "with the referral",
    "overrides": "as the jurisdiction's file says",
    "units": "while the shelter is listed; sealed under the place key",
    "unit_moves": "two years, for occupancy over time",
    "confirmations": "one year",
    "holds": "one year after they end; an opaque case id only",
    "trained": "until the training lapses, then three years",
    "risk_answers": "with the alert, or until ERASE or retention",
    "unasked_calls": "as the jurisdiction's file says; codes only",
    "test_calls": "two years",
    "practice_runs": "three years: the proof of training",
    "practice_lines": "30 days",
}
COLUMNS: Mapping[str, Mapping[Class, str]] = {
    "inbox": {
        Class.SEALED: "body",
        Class.INDEX: "once_key sender_key",
        Class.OPERATIONAL: "seq provider kind epoch received_at state attempts holder lease_until why",
    },
    "outbox": {
        Class.SEALED: "address body provider_ref",
        Class.OPERATIONAL: "seq id survivor_id contact_id channel provider lane key_kind state attempts queued_at not_before expires_at holder "
        "lease_until left_at why purpose",
    },
    "contact_rules": {Class.SEALED: "rules", Class.OPERATIONAL: "survivor_id updated_at"},
    "check_ins": {
        Class.SEALED: "plan",
        Class.OPERATIONAL: "id survivor_id state then due made_at ended_at cancel_asked_at gap_since gap_told",
    },
    "deadlines": {Class.OPERATIONAL: "id kind subject level due fired_at attempts"},
    "heartbeats": {Class.OPERATIONAL: "name at"},
    "audit": {Class.OPERATIONAL: "writer n at kind actor subject mac"},
    "audit_seals": {Class.OPERATIONAL: "seq writer first_n last_n at chain"},
    "survivors": {Class.SEALED: "wrapped_key", Class.OPERATIONAL: "id key_epoch created_at seen_at hidden_at"},
    "contacts": {Class.SEALED: "address", Class.INDEX: "index", Class.OPERATIONAL: "id survivor_id channel epoch provider window_until"},
    "words": {Class.SEALED: "word", Class.OPERATIONAL: "id survivor_id kind"},
    "phrases": {Class.SEALED: "phrase", Class.INDEX: "index", Class.OPERATIONAL: "id survivor_id epoch"},
    "conversations": {Class.SEALED: "state", Class.OPERATIONAL: "survivor_id updated_at"},
    "messages": {Class.SEALED: "body", Class.OPERATIONAL: "seq id survivor_id contact_id direction at"},
    "evidence": {
        Class.SEALED: "card wrapped_key",
        Class.INDEX: "link",
        Class.OPERATIONAL: "id survivor_id n state chunks key_epoch asked_at shared_at attempts not_before",
    },
    "evidence_chunks": {Class.SEALED: "body", Class.OPERATIONAL: "evidence_id n"},
    "own_plans": {Class.SEALED: "body wrapped_key", Class.OPERATIONAL: "id survivor_id key_epoch made_at changed_at"},
    "alerts": {
        Class.SEALED: "wrapped_key address",
        Class.INDEX: "fold_index",
        Class.OPERATIONAL: "number id survivor_id state reason count raised_at last_at key_epoch source urgency reasons policy language country "
        "round turn taken_by handed_to state_at acted_at opened_at answered_at closed_at closed_by outcome nuisance_until wrong_codes",
    },
    "alert_entries": {Class.SEALED: "body", Class.OPERATIONAL: "seq id alert_id kind at by"},
    "alert_bars": {Class.OPERATIONAL: "id member_id alert_id survivor_id by at"},
    "pages": {Class.INDEX: "code_index", Class.OPERATIONAL: "seq id alert_id member_id way_id channel round outbox_id state made_at changed_at"},
    "tasks": {
        Class.OPERATIONAL: "number id kind survivor_id alert_id state made_at due_at count left_by taken_by taken_at done_by done_at",
    },
    "task_notes": {Class.SEALED: "body", Class.OPERATIONAL: "seq id task_id by at"},
    "aliases": {Class.SEALED: "alias", Class.INDEX: "index", Class.OPERATIONAL: "survivor_id epoch given_by given_at"},
    "shifts": {Class.SEALED: "note", Class.OPERATIONAL: "id member_id started_at seen_at until ended_at"},
    "rota_turns": {Class.OPERATIONAL: "id member_id kind languages zone starts ends repeat made_by made_at removed_at"},
    "rota_changes": {Class.OPERATIONAL: "id kind turn_id occurrence member_id starts_at ends_at made_by made_at removed_at"},
    "duty_feeds": {Class.INDEX: "token_index", Class.OPERATIONAL: "id member_id made_at revoked_at"},
    "staff_ways": {
        Class.SEALED: "address",
        Class.INDEX: "index",
        Class.OPERATIONAL: "id member_id channel made_at verified_at failures failing_since worked_at",
    },
    "staff_codes": {Class.INDEX: "code_index", Class.OPERATIONAL: "id member_id channel way_id made_at expires_at tries used_at"},
    "staff_guesses": {Class.INDEX: "about", Class.OPERATIONAL: "count since"},
    "organisations": {Class.PUBLIC: "id name description website email phones"},
    "services": {
        Class.PUBLIC: "id organisation_id name category description status website email cost cost_note papers papers_note step_free "
        "minimum_age maximum_age boys_maximum_age on_holidays gatekeeper gatekeeper_contact gatekeeper_night verified_on source extra",
        Class.OPERATIONAL: "modified_at revision",
    },
    "places": {
        Class.PUBLIC: "id service_id position location_id name address city postal_code municipality country latitude longitude located step_free"
    },
    "phones": {Class.PUBLIC: "id service_id position number extension kind note verified_on"},
    "hours": {Class.PUBLIC: "id service_id position place_id days opens closes valid_from valid_to note"},
    "coverage": {Class.PUBLIC: "id service_id position area valid_from valid_to"},
    "capacities": {Class.PUBLIC: "service_id kind available maximum at"},
    "service_accepts": {Class.PUBLIC: "service_id whom"},
    "service_languages": {Class.PUBLIC: "service_id code"},
    "directory_versions": {Class.OPERATIONAL: "part version"},
    "hidden_services": {Class.SEALED: "card place", Class.OPERATIONAL: "id"},
    "consents": {Class.SEALED: "body", Class.OPERATIONAL: "id survivor_id code state given_at given_to until ended_at"},
    "referrals": {
        Class.SEALED: "body",
        Class.INDEX: "agency",
        Class.OPERATIONAL: "id number survivor_id consent_id override_id programme state turn declined made_at made_by state_at",
    },
    "referral_events": {Class.SEALED: "body", Class.OPERATIONAL: "seq id referral_id kind at by"},
    "overrides": {
        Class.SEALED: "body",
        Class.OPERATIONAL: "id survivor_id ground state asked_by asked_at decided_by decided_at until told told_at",
    },
    "units": {Class.SEALED: "card", Class.INDEX: "shelter", Class.OPERATIONAL: "id state changed_at retired_at"},
    "unit_moves": {Class.OPERATIONAL: "seq unit_id state at"},
    "confirmations": {Class.SEALED: "body", Class.INDEX: "shelter", Class.OPERATIONAL: "id at"},
    "holds": {Class.OPERATIONAL: "id unit_id case_ref state until made_at made_by ended_at"},
    "members": {Class.OPERATIONAL: "id alias state languages countries service_id invited_at joined_at left_at signed_in_at"},
    "member_roles": {Class.OPERATIONAL: "member_id role"},
    "invitations": {Class.INDEX: "token", Class.OPERATIONAL: "id member_id kind made_by made_at until used_at"},
    "credentials": {Class.SEALED: "login password totp", Class.INDEX: "login_index", Class.OPERATIONAL: "member_id totp_counter changed_at"},
    "security_keys": {Class.SEALED: "key", Class.INDEX: "key_index", Class.OPERATIONAL: "id member_id sign_count made_at used_at"},
    "recovery_codes": {Class.INDEX: "code", Class.OPERATIONAL: "id member_id"},
    "staff_sessions": {
        Class.SEALED: "pending",
        Class.INDEX: "token",
        Class.OPERATIONAL: "id member_id stage invitation_id made_at seen_at fresh_at ended_at",
    },
    "sign_in_waits": {Class.INDEX: "who", Class.OPERATIONAL: "failures until last_at"},
    "trained": {Class.OPERATIONAL: "id member_id questionnaire trained_on until noted_by noted_at"},
    "risk_answers": {Class.SEALED: "body", Class.OPERATIONAL: "id about subject questionnaire version given_by at"},
    "unasked_calls": {Class.OPERATIONAL: "id alert_id ground acted_by acted_at review_due reviewed_by reviewed_at finding"},
    "test_calls": {Class.OPERATIONAL: "id country slug number called_at at_night result waited_seconds languages called_by"},
    "practice_runs": {Class.OPERATIONAL: "id member_id scenario version language difficulty began_at ended_at outcome place"},
    "practice_lines": {Class.SEALED: "body", Class.OPERATIONAL: "seq id run_id who at"},
}
