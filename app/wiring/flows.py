"""The three tables through which a flow reaches upwards, written out (architecture.md, section 3)."""

from app.announcements import flow as announcements_flow
from app.candidacies import flow as candidacies_flow
from app.filings import flow as filings_flow
from app.inbox import notices
from app.processes.doors import Collection, Completion, Ending, Operation
from app.ratings import flow as ratings_flow
from app.rounds import flow as rounds_flow
from app.scoring import flow as scoring_flow
from app.selection import flow as selection_flow

OPERATIONS: dict[str, Operation] = {
    "announcements.archive_round": announcements_flow.archive_round,
    "announcements.close_public_notice": announcements_flow.close_public_notice,
    "announcements.close_withdrawn_objection": announcements_flow.close_withdrawn_objection,
    "announcements.correct_item": announcements_flow.correct_item,
    "announcements.hold_item": announcements_flow.hold_item,
    "announcements.open_public_notice": announcements_flow.open_public_notice,
    "announcements.publish_notice": announcements_flow.publish_notice,
    "announcements.publish_ranking": announcements_flow.publish_ranking,
    "announcements.publish_results": announcements_flow.publish_results,
    "announcements.publish_supplement": announcements_flow.publish_supplement,
    "announcements.record_award": announcements_flow.record_award,
    "announcements.refuse_objection": announcements_flow.refuse_objection,
    "announcements.register_objection": announcements_flow.register_objection,
    "announcements.remove_item": announcements_flow.remove_item,
    "announcements.reply_objection": announcements_flow.reply_objection,
    "candidacies.hold_candidacy": candidacies_flow.hold_candidacy,
    "candidacies.open_candidacies": candidacies_flow.open_candidacies,
    "candidacies.record_disqualification": candidacies_flow.record_disqualification,
    "candidacies.record_standing": candidacies_flow.record_standing,
    "candidacies.record_withdrawal": candidacies_flow.record_withdrawal,
    "candidacies.run_screening": candidacies_flow.run_screening,
    "filings.count_unfinished": filings_flow.count_unfinished,
    "filings.flag_unaudited": filings_flow.flag_unaudited,
    "filings.lapse_correction": filings_flow.lapse_correction,
    "filings.move_unfinished": filings_flow.move_unfinished,
    "filings.record_filing": filings_flow.record_filing,
    "filings.record_rejection": filings_flow.record_rejection,
    "filings.record_withdrawal": filings_flow.record_withdrawal,
    "filings.register_resubmission": filings_flow.register_resubmission,
    "filings.register_submission": filings_flow.register_submission,
    "notifications.notify_overdue": notices.notify_overdue,
    "ratings.aggregate_round": ratings_flow.aggregate_round,
    "ratings.plan_push": ratings_flow.plan_push,
    "ratings.plan_second_push": ratings_flow.plan_second_push,
    "ratings.read_quorum": ratings_flow.read_quorum,
    "ratings.replace_seat": ratings_flow.replace_seat,
    "ratings.validate_rating": ratings_flow.validate_rating,
    "rounds.close_attribution": rounds_flow.close_attribution,
    "rounds.freeze_parameters": rounds_flow.freeze_parameters,
    "scoring.count_bonus": scoring_flow.count_bonus,
    "scoring.revise_bonus": scoring_flow.revise_bonus,
    "selection.aggregate_scores": selection_flow.aggregate_scores,
    "selection.assign_items": selection_flow.assign_items,
    "selection.check_panel": selection_flow.check_panel,
    "selection.check_quorum": selection_flow.check_quorum,
    "selection.check_sheet": selection_flow.check_sheet,
    "selection.close_panel": selection_flow.close_panel,
    "selection.commit_seed": selection_flow.commit_seed,
    "selection.compile_proposal": selection_flow.compile_proposal,
    "selection.draw_experts": selection_flow.draw_experts,
    "selection.draw_replacement": selection_flow.draw_replacement,
    "selection.draw_replacements": selection_flow.draw_replacements,
    "selection.freeze_pool": selection_flow.freeze_pool,
    "selection.generate_minutes": selection_flow.generate_minutes,
    "selection.promote_reserves": selection_flow.promote_reserves,
    "selection.rank_pool": selection_flow.rank_pool,
    "selection.read_pool_decision": selection_flow.read_pool_decision,
    "selection.read_proposal": selection_flow.read_proposal,
    "selection.report_unbegun": selection_flow.report_unbegun,
    "selection.void_seat": selection_flow.void_seat,
}
COLLECTIONS: dict[str, Collection] = {
    "candidacies.willing_filings": candidacies_flow.willing_filings,
    "ratings.pushed_seats": ratings_flow.pushed_seats,
    "ratings.second_seats": ratings_flow.second_seats,
    "selection.assigned_seats": selection_flow.assigned_seats,
    "selection.drawn_seats": selection_flow.drawn_seats,
    "selection.panels": selection_flow.panels,
    "selection.refill_seats": selection_flow.refill_seats,
}
COMPLETIONS: dict[str, Completion] = {
    "attendance": selection_flow.complete_attendance,
    "audit_opinion": filings_flow.complete_audit_opinion,
    "correction": filings_flow.complete_correction,
    "declaration": selection_flow.complete_declaration,
    "draw_rules": selection_flow.complete_draw_rules,
    "final_decision": announcements_flow.complete_final_decision,
    "final_result": scoring_flow.complete_final_result,
    "investigation": announcements_flow.complete_investigation,
    "issue_document": announcements_flow.complete_issue_document,
    "low_sample": candidacies_flow.complete_low_sample,
    "objection_check": announcements_flow.complete_objection_check,
    "objection_decision": announcements_flow.complete_objection_decision,
    "official_document": announcements_flow.complete_official_document,
    "panel_opinion": selection_flow.complete_panel_opinion,
    "panels": selection_flow.complete_panels,
    "pledge": selection_flow.complete_pledge,
    "pool": selection_flow.complete_pool,
    "proposal": selection_flow.complete_proposal,
    "push_plan": ratings_flow.complete_push_plan,
    "rating": ratings_flow.complete_rating,
    "rating_gov": ratings_flow.complete_rating,
    "recheck": candidacies_flow.complete_recheck,
    "recheck_request": candidacies_flow.complete_recheck_request,
    "round": rounds_flow.complete_round_setup,
    "score_sheet": selection_flow.complete_score_sheet,
    "screening": candidacies_flow.complete_screening,
    "unfinished_list": rounds_flow.complete_unfinished_list,
    "witness": selection_flow.complete_witness,
}

MESSAGES = frozenset({"candidacy_withdrawn", "filing_withdrawn", "objection_supplemented", "objection_withdrawn"})
"""Messages that rooms throw by themselves; the others are thrown by events in the diagrams."""

ENDINGS: dict[str, Ending] = {
    "candidacy": candidacies_flow.end_from_outside,
    "filing": filings_flow.end_from_outside,
}
"""Subject type -> who is told when an operator cancels an instance about it."""
