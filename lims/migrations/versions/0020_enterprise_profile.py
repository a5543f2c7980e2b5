"""Profile of an enterprise, and the last verification of its instruments"""
import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'

ENTERPRISE = ('commune', 'district', 'sector', 'metrology_officer', 'metrology_phone')
INSTRUMENT = ('range_text', 'place_of_use', 'last_service', 'last_verdict', 'last_body', 'last_number', 'last_sticker')


def upgrade() -> None:
    for name in ENTERPRISE:
        op.add_column('customer', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    op.create_index('ix_customer_commune', 'customer', ['commune'])
    op.create_index('ix_customer_sector', 'customer', ['sector'])
    with op.batch_alter_table('instrument', schema=None) as batch_op:
        for name in INSTRUMENT:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('in_use', sa.Boolean(), nullable=False, server_default=sa.true()))
        for name in ('last_on', 'valid_until', 'due_on'):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_instrument_last_service'),
                                         "last_service IN ('','verification','calibration')")
        batch_op.create_check_constraint(op.f('ck_instrument_last_verdict'),
                                         "last_verdict IN ('','pass','fail','withdrawn')")
    op.create_index('ix_instrument_due_on', 'instrument', ['due_on'])
    standing = ['in_use', 'kind', 'last_service', 'last_verdict', 'due_on']
    op.create_index('ix_instrument_standing', 'instrument', standing)
    op.create_index('ix_instrument_owner_standing', 'instrument', ['customer_id', *standing])
    _know_what_was_issued()
    if op.get_bind().dialect.name == 'sqlite':
        assert op.get_bind().execute(sa.text('PRAGMA foreign_key_check')).fetchall() == []


def _know_what_was_issued() -> None:
    """The newest document of each instrument, as issuing writes it from now on; one withdrawn or replaced counts not."""
    bind = op.get_bind()
    ended = sa.text("SELECT certificate_id FROM certificate_event WHERE kind IN ('withdrawn', 'superseded')")
    gone = set(bind.execute(ended).scalars())
    newest: dict[int, dict[str, object]] = {}
    for row in bind.execute(sa.text(
            "SELECT c.id, c.number, c.verdict, c.performed_on, c.valid_until, i.instrument_id, i.service, i.sticker"
            " FROM certificate c JOIN job_item i ON i.id = c.item_id"
            " WHERE i.service IN ('verification', 'calibration') ORDER BY c.performed_on, c.id")).mappings():
        if row["id"] in gone:
            continue
        failed = row["service"] == "verification" and row["verdict"] != "pass"
        until = None if failed else row["valid_until"]
        newest[row["instrument_id"]] = {
            "id": row["instrument_id"], "service": row["service"], "verdict": "fail" if failed else "pass",
            "on": row["performed_on"], "number": row["number"], "sticker": row["sticker"], "until": until}
    if newest:
        bind.execute(sa.text(
            "UPDATE instrument SET last_service = :service, last_verdict = :verdict, last_on = :on,"
            " last_number = :number, last_sticker = :sticker, valid_until = :until, due_on = :until WHERE id = :id"),
            list(newest.values()))
