"""The sentences that a record makes: the same words on paper and in the digital certificate."""

from certificates import wording
from certificates.document import Record, Rule, Uncertainty, Words
from certificates.formats import day, figure
from certificates.values import method_text, probability_text, title_of
from certificates.wording import Sentence, joined, say


def uncertainty_statement(statement: Uncertainty) -> Sentence:
    """How U is to be read: factor, probability, and what is special about it (ILAC-P14)."""
    probability = probability_text(statement.probability)
    if statement.coverage_factor:
        parts = [say(wording.UNCERTAINTY, k=figure(statement.coverage_factor), p=probability)]
    else:
        parts = [say(wording.UNCERTAINTY_BY_ROW, p=probability)]
    if statement.method == "dominant" and statement.distribution.vi:
        parts.append(say(wording.DOMINANT, distribution=statement.distribution))
    if statement.method == "monte_carlo":
        parts.append(say(wording.MONTE_CARLO))
    if statement.effective_dof:
        parts.append(say(wording.EFFECTIVE_DOF, dof=figure(statement.effective_dof)))
    if statement.applies_to.vi:
        parts.append(say(wording.APPLIES_TO, what=statement.applies_to))
    if statement.not_below_cmc:
        parts.append(say(wording.NOT_BELOW_CMC))
    return joined(*parts)


def conformity_statements(record: Record) -> list[Sentence]:
    """One sentence group per statement of conformity: rule, what it covers, requirement, verdict, reason (7.8.6.2)."""
    methods = Words("; ".join(method_text(method) for method in record.methods))
    sentences = []
    for statement in record.conformity:
        rule = statement.rule_words if statement.rule_words.vi else methods
        named = (rule.vi, rule.en) if statement.rule is Rule.PROCEDURE else ()  # the sentence names it already
        source = f" ({statement.rule_source})" if statement.rule_source and statement.rule_source not in named else ""
        parts = [
            say(wording.RULES[statement.rule], rule=rule, source=source),
            say(
                wording.COVERS,
                covers=statement.covers,
                requirement=statement.requirement,
                verdict=wording.VERDICTS[statement.verdict],
            ),
        ]
        if statement.reason.vi:
            parts.append(say(wording.REASON, reason=statement.reason))
        sentences.append(joined(*parts))
    return sentences


def method_statement(record: Record) -> Sentence:
    """Deviations from the method and results of others, or that there are none."""
    deviations = deviation_sentences(record) or [say(wording.NO_DEVIATION)]
    tables = [table for table in record.results if table.external_provider]
    external = _external(record)
    external += [say(wording.EXTERNAL, what=t.title, provider=t.external_provider) for t in tables]
    return joined(*deviations, *(external or [say(wording.NO_EXTERNAL)]))


def deviation_sentences(record: Record) -> list[Sentence]:
    """Each deviation from the method."""
    return [say(wording.DEVIATION, text=_ended(text)) for text in record.deviations]


def other_statements(record: Record) -> list[Sentence]:
    """Opinions, sampling, only-the-item, and what the customer's data may do."""
    return [*_opinions_and_sampling(record), say(wording.ONLY_THE_ITEM), *_disclaimer(record)]


def stated_sentences(record: Record) -> list[Sentence]:
    """Only what was stated of this item in particular: others' results, opinions, sampling, disclaimer."""
    return [*_external(record), *_opinions_and_sampling(record), *_disclaimer(record)]


def _external(record: Record) -> list[Sentence]:
    return [say(wording.EXTERNAL, what=one.what, provider=one.provider) for one in record.external_results]


def _opinions_and_sampling(record: Record) -> list[Sentence]:
    sentences = [
        say(wording.OPINION, text=_ended(opinion.text), basis=opinion.basis, person=opinion.person)
        for opinion in record.opinions
    ]
    return [*sentences, say(wording.SAMPLING, text=_ended(record.sampling))] if record.sampling.vi else sentences


def _ended(words: Words) -> Words:
    """What somebody typed as a sentence that ends: another may follow on the line."""

    def with_stop(text: str) -> str:
        text = text.rstrip()
        return f"{text}." if text and text[-1] not in ".!?…;:" else text

    return Words(with_stop(words.vi), with_stop(words.en))


def _disclaimer(record: Record) -> list[Sentence]:
    return [say(wording.SUPPLIED_AFFECTS)] if record.customer_data_affects_results else []


def limit_statements(record: Record) -> list[Sentence]:
    """The two limitation notes of an instrument that is calibrated and not validly verified."""
    return [say(wording.NOT_FOR_TRADE), say(wording.NOT_A_STANDARD)] if record.limits_of_use else []


def amendment_statement(record: Record) -> Sentence | None:
    """What this document replaces, what was changed, and why (7.8.8)."""
    amendment = record.amendment
    if amendment is None:
        return None
    issued = day(amendment.replaced_issued_on)
    title = title_of(record)
    changes = Words(
        "; ".join(change.vi for change in amendment.changes),
        "; ".join(change.en or change.vi for change in amendment.changes),
    )
    return say(
        wording.AMENDS,
        title=Words(title.vi[:1].lower() + title.vi[1:], title.en.lower()),
        number=amendment.replaces,
        issued=Words(f" ngày {issued}", f" of {issued}") if issued else "",
        changes=changes,
        reason=amendment.reason,
    )
