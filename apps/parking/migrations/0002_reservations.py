import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import apps.parking.models.shared
import apps.parking.models.tariffs

# Every transaction adds up to zero when it commits, has at least two entries, and is never edited.
BALANCED = """
CREATE FUNCTION parking_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM parking_entry WHERE transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not add up to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(DISTINCT account.currency) FROM parking_entry AS entry
        JOIN parking_account AS account ON account.id = entry.account_id
        WHERE entry.transaction_id = NEW.transaction_id) <> 1 THEN
        RAISE EXCEPTION 'ledger transaction % mixes currencies', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER parking_ledger_balanced AFTER INSERT ON parking_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION parking_ledger_balanced();

CREATE FUNCTION parking_ledger_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is never edited' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER parking_ledger_stands BEFORE UPDATE OR DELETE ON parking_entry
    FOR EACH ROW EXECUTE FUNCTION parking_ledger_stands();
CREATE TRIGGER parking_ledger_stands BEFORE UPDATE OR DELETE ON parking_transaction
    FOR EACH ROW EXECUTE FUNCTION parking_ledger_stands();
"""
UNBALANCED = """
DROP TRIGGER parking_ledger_stands ON parking_transaction;
DROP TRIGGER parking_ledger_stands ON parking_entry;
DROP TRIGGER parking_ledger_balanced ON parking_entry;
DROP FUNCTION parking_ledger_stands();
DROP FUNCTION parking_ledger_balanced();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("parking", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoopbackPayment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("method", models.CharField(max_length=80)),
                ("amount", models.PositiveBigIntegerField(default=0)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("captured", models.PositiveBigIntegerField(default=0)),
                ("refunds", models.JSONField(default=dict)),
                ("declined", models.BooleanField(default=False)),
                ("voided", models.BooleanField(default=False)),
                ("calls", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "payment of the loopback provider",
                "verbose_name_plural": "payments of the loopback provider",
            },
        ),
        migrations.CreateModel(
            name="Tariff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("names", models.JSONField(default=dict, verbose_name="names")),
                (
                    "rules",
                    models.JSONField(
                        validators=[apps.parking.models.tariffs.check_rules], verbose_name="rules"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "tariff",
                "verbose_name_plural": "tariffs",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="cause")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "transaction",
                "verbose_name_plural": "transactions",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("clearing", "at the payment provider"),
                            ("revenue", "city's parking revenue"),
                            ("fee", "city's share of lent bays"),
                            ("resident", "owed to a resident"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parking_accounts",
                        to="accounts.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
        migrations.CreateModel(
            name="BayRight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="code"
                    ),
                ),
                ("valid_from_on", models.DateField(verbose_name="valid from")),
                ("valid_to_on", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "bay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights",
                        to="parking.bay",
                        verbose_name="bay",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bay_rights",
                        to="accounts.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "right to a bay",
                "verbose_name_plural": "rights to bays",
            },
        ),
        migrations.CreateModel(
            name="BookingPolicy",
            fields=[
                (
                    "pool",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="booking_policy",
                        serialize=False,
                        to="parking.capacitypool",
                        verbose_name="pool",
                    ),
                ),
                (
                    "reservable",
                    models.PositiveIntegerField(
                        help_text="Never more than the pool has.",
                        verbose_name="spaces that can be booked",
                    ),
                ),
                (
                    "turnover_min",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="minutes between bookings"
                    ),
                ),
                (
                    "min_stay_min",
                    models.PositiveIntegerField(default=30, verbose_name="shortest stay (min)"),
                ),
                (
                    "max_stay_min",
                    models.PositiveIntegerField(default=1440, verbose_name="longest stay (min)"),
                ),
                (
                    "max_ahead_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="bookable days ahead"
                    ),
                ),
                (
                    "no_show_min",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="minutes to wait for the car"
                    ),
                ),
                (
                    "cancel_free_min",
                    models.PositiveIntegerField(
                        default=60, verbose_name="free cancellation until (min before)"
                    ),
                ),
                (
                    "late_fee_percent",
                    models.PositiveSmallIntegerField(
                        default=50, verbose_name="late cancellation fee (%)"
                    ),
                ),
                (
                    "no_show_percent",
                    models.PositiveSmallIntegerField(default=100, verbose_name="no-show fee (%)"),
                ),
                (
                    "overstay_grace_min",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="minutes late for free"
                    ),
                ),
            ],
            options={
                "verbose_name": "booking policy",
                "verbose_name_plural": "booking policies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("late_fee_percent__lte", 100), ("no_show_percent__lte", 100)
                        ),
                        name="fees_are_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("min_stay_min__lte", models.F("max_stay_min"))),
                        name="stays_have_a_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscountRight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("discount", models.SlugField(max_length=40, verbose_name="discount")),
                ("valid_to_on", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discount_rights",
                        to="accounts.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "right to a discount",
                "verbose_name_plural": "rights to discounts",
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="code"
                    ),
                ),
                ("quote", models.UUIDField(editable=False, unique=True, verbose_name="quote")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("confirmed", "confirmed"),
                            ("active", "parked"),
                            ("completed", "completed"),
                            ("no_show", "did not come"),
                            ("cancelled", "cancelled"),
                            ("expired", "hold ran out"),
                        ],
                        default="held",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="space is kept"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="hold runs out at")),
                ("plate", models.CharField(blank=True, max_length=20, verbose_name="number plate")),
                ("price", models.PositiveBigIntegerField(verbose_name="price")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("explanation", models.JSONField(default=list, verbose_name="explanation")),
                (
                    "discounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("overstayed", models.BooleanField(default=False, verbose_name="overstayed")),
                (
                    "moves",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="times given another space"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="came at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="over at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="accounts.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reservation",
                "verbose_name_plural": "reservations",
                "ordering": ["-starts_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="code"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("booking", "booking"),
                            ("extension", "extension"),
                            ("overstay", "overstay"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("authorised", "authorised"),
                            ("declined", "declined"),
                            ("captured", "paid"),
                            ("voided", "released"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("provider", models.CharField(max_length=40, verbose_name="provider")),
                ("method", models.CharField(max_length=80, verbose_name="means of payment")),
                ("amount", models.PositiveBigIntegerField(verbose_name="amount")),
                ("captured", models.PositiveBigIntegerField(default=0, verbose_name="captured")),
                ("refunded", models.PositiveBigIntegerField(default=0, verbose_name="refunded")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "ends_before_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ends again at"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="parking.reservation",
                        verbose_name="reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReservationChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("actor", models.CharField(max_length=120, verbose_name="by")),
                ("detail", models.JSONField(default=dict, verbose_name="detail")),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="parking.reservation",
                        verbose_name="reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a reservation",
                "verbose_name_plural": "changes of reservations",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SharedOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="code"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="first day")),
                (
                    "rule",
                    models.CharField(
                        help_text="Part of RFC 5545: FREQ=WEEKLY;BYDAY=MO,TU",
                        max_length=200,
                        validators=[apps.parking.models.shared.check_rrule],
                        verbose_name="calendar rule",
                    ),
                ),
                (
                    "opens",
                    models.CharField(
                        max_length=5,
                        validators=[apps.parking.models.shared.check_wall],
                        verbose_name="opens at",
                    ),
                ),
                ("lasts_min", models.PositiveIntegerField(verbose_name="open for (min)")),
                (
                    "blackout_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="not on",
                    ),
                ),
                (
                    "min_stay_min",
                    models.PositiveIntegerField(default=30, verbose_name="shortest stay (min)"),
                ),
                (
                    "max_stay_min",
                    models.PositiveIntegerField(default=1440, verbose_name="longest stay (min)"),
                ),
                (
                    "step_min",
                    models.PositiveSmallIntegerField(default=30, verbose_name="price step (min)"),
                ),
                ("step_price", models.PositiveIntegerField(verbose_name="price per step")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="parking.bayright",
                        verbose_name="right to a bay",
                    ),
                ),
            ],
            options={
                "verbose_name": "shared bay",
                "verbose_name_plural": "shared bays",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="reservation",
            name="offer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservations",
                to="parking.sharedoffer",
                verbose_name="shared offer",
            ),
        ),
        migrations.CreateModel(
            name="SharedRecall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="recalled"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recalls",
                        to="parking.sharedoffer",
                        verbose_name="shared bay",
                    ),
                ),
            ],
            options={
                "verbose_name": "recall of a shared bay",
                "verbose_name_plural": "recalls of shared bays",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Space",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="retired at"),
                ),
                (
                    "bay",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="space",
                        to="parking.bay",
                        verbose_name="bay",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spaces",
                        to="parking.capacitypool",
                        verbose_name="pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "bookable space",
                "verbose_name_plural": "bookable spaces",
            },
        ),
        migrations.AddField(
            model_name="reservation",
            name="space",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservations",
                to="parking.space",
                verbose_name="space",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="tariff",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservations",
                to="parking.tariff",
                verbose_name="tariff",
            ),
        ),
        migrations.CreateModel(
            name="TariffAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("general", "general"),
                            ("accessible", "accessible"),
                            ("ev", "electric charging"),
                            ("family", "family"),
                            ("compact", "compact cars"),
                            ("loading", "loading"),
                            ("resident", "residents"),
                        ],
                        help_text="Empty: every category without a tariff of its own.",
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "valid_on",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="The last day is not included.", verbose_name="valid on"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tariffs",
                        to="parking.parkingsite",
                        verbose_name="site",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="parking.tariff",
                        verbose_name="tariff",
                    ),
                ),
            ],
            options={
                "verbose_name": "tariff of a site",
                "verbose_name_plural": "tariffs of sites",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="parking.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="parking.transaction",
                        verbose_name="transaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("kind", "currency", "person"), name="one_account_each", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "resident"), ("person__isnull", False)),
                    models.Q(models.Q(("kind", "resident"), _negated=True), ("person", None)),
                    _connector="OR",
                ),
                name="residents_have_accounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="discountright",
            constraint=models.UniqueConstraint(
                fields=("person", "discount"), name="one_right_per_discount"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["created_at"], name="payments_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("purpose", "booking"), ("state__in", ("asked", "authorised", "captured"))
                ),
                fields=("reservation",),
                name="one_payment_per_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "overstay")),
                fields=("reservation",),
                name="one_payment_per_overstay",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("captured__lte", models.F("amount")), ("refunded__lte", models.F("captured"))
                ),
                name="no_more_than_authorised",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("right",),
                name="one_offer_per_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lasts_min__gt", 0),
                    ("min_stay_min__lte", models.F("max_stay_min")),
                    ("step_min__gt", 0),
                ),
                name="offers_make_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="space",
            constraint=models.UniqueConstraint(
                fields=("pool", "number"), name="one_space_per_number"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["person", "-starts_at"], name="reservations_of_person"),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["expires_at"],
                name="reservations_held",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "confirmed")),
                fields=["starts_at"],
                name="reservations_confirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "active")),
                fields=["ends_at"],
                name="reservations_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "held",
                            "confirmed",
                            "active",
                        ),
                    )
                ),
                expressions=[("space", "="), ("during", "&&")],
                name="no_double_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="a_booking_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__contains", models.F("starts_at"))),
                name="a_space_is_kept_from_the_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="tariffassignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("site", "="), ("category", "="), ("valid_on", "&&")],
                name="one_tariff_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="entries_move_something"
            ),
        ),
        migrations.RunSQL(BALANCED, UNBALANCED),
    ]
