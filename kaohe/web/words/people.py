"""Words for people and posts."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

POSTS = {
    "principal": N_("principal"),
    "legal_representative": N_("legal representative"),
    "deputy": N_("deputy"),
    "contact": N_("contact of the unit"),
    "other": N_("other post"),
}

declare_words(
    actions={
        "person.entered": N_("entered the person"),
        "person.corrected": N_("corrected the person"),
        "tenure.begun": N_("put into post"),
        "tenure.ended": N_("ended the post"),
        "tenure.corrected": N_("corrected the post"),
    },
    fields={
        "person.name": N_("name of the person"),
        "person.phone": N_("telephone"),
        "person.note": N_("remark"),
        "tenure.person_id": N_("person"),
        "tenure.unit_id": N_("unit"),
        "tenure.department_id": N_("department"),
        "tenure.post": N_("part"),
        "tenure.title": N_("title of the post"),
        "tenure.from_on": N_("in post from"),
        "tenure.to_on": N_("in post until"),
        "tenure.document": N_("document"),
    },
    days={
        "tenure.begun": N_(", in post from {day}"),
        "tenure.ended": N_(", in post until {day}"),
    },
    choices={"post": POSTS},
)
