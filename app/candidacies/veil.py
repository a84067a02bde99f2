"""What the parties of a candidacy may not see of its case before the list is published (flows.md, section 14)."""

from app.candidacies.vocabulary import PROCESS
from app.kernel.actor import Actor
from app.processes import queries
from app.processes.items import visible_to
from app.processes.models import ProcessInstance, WorkItem
from app.processes.vocabulary import ItemStatus


def is_veiled(instance: ProcessInstance, actor: Actor) -> bool:
    """Whether the case stands still for this reader: where it waits tells who is in the pool and on the list.

    A party, who reaches it through an organisation, sees it while an item of its own is open there: it waits for
    the party then, and nothing else can be read from it.
    """
    if any(grant.scope_type == "nation" for grant in actor.grants) or instance.is_trial:
        return False
    if queries.name_and_version(instance.definition_id)[0] != PROCESS:
        return False
    return not queries.has_item(instance.id, visible_to(actor) & (WorkItem.status == ItemStatus.OPEN))
