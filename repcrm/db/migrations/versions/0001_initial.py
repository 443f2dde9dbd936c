"""Every table of the first release. Written by `python -m repcrm.tables`; do not edit by hand."""

import sqlalchemy as sa
from alembic import op

from repcrm.db.append_only import protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and protect those that only grow."""
    op.create_table(
        "adoption_factor",
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("permille", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("permille >= 0", name=op.f("ck_adoption_factor_permille_not_negative")),
        sa.CheckConstraint("rating BETWEEN 0 AND 7", name=op.f("ck_adoption_factor_rating_zero_to_seven")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_factor")),
        sa.UniqueConstraint("rating", name=op.f("uq_adoption_factor_rating")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "makeup", name="daykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_calendar_day_country_of_two_letters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("country", "on_day", name=op.f("uq_calendar_day_country_on_day")),
    )
    op.create_table(
        "contact_ceiling",
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("calls >= 1", name=op.f("ck_contact_ceiling_calls_positive")),
        sa.CheckConstraint("window_days BETWEEN 1 AND 366", name=op.f("ck_contact_ceiling_window_within_a_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_ceiling")),
    )
    op.create_table(
        "distributor",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "tier",
            sa.Enum("first", "second", name="distributortier", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "rhythm",
            sa.Enum("weekly", "monthly", name="deliveryrhythm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "intake",
            sa.Enum("preview", "apply", name="intake", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("needs_second_person", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rhythm <> 'weekly' OR due_day <= 7", name=op.f("ck_distributor_due_day_in_week")),
        sa.CheckConstraint("1 <= due_day AND due_day <= 28", name=op.f("ck_distributor_due_day_in_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributor")),
        sa.UniqueConstraint("code", name=op.f("uq_distributor_code")),
        sa.UniqueConstraint("name", name=op.f("uq_distributor_name")),
    )
    op.create_index(op.f("ix_distributor_code_letters"), "distributor", ["code_letters"], unique=False)
    op.create_table(
        "doctor",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "doctor_class",
            sa.Enum(
                "chief",
                "expert",
                "general",
                "nursing",
                name="doctorclass",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum("key", "general", name="tier", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("office_phone", sa.String(length=40), nullable=False),
        sa.Column("work_email", sa.String(length=120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name_pinyin", sa.String(length=300), nullable=False),
        sa.Column("name_initials", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor")),
        sa.UniqueConstraint("code", name=op.f("uq_doctor_code")),
    )
    op.create_index(op.f("ix_doctor_code_letters"), "doctor", ["code_letters"], unique=False)
    op.create_table(
        "product",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pack_size", sa.String(length=60), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("box", "vial", "bottle", name="packunit", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("in_uptake", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
    )
    op.create_index(op.f("ix_product_code_letters"), "product", ["code_letters"], unique=False)
    op.create_table(
        "region",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_index(op.f("ix_region_code_letters"), "region", ["code_letters"], unique=False)
    op.create_table(
        "shipped_year",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipped_year")),
        sa.UniqueConstraint("country", "year", name=op.f("uq_shipped_year_country_year")),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_throttle")),
        sa.UniqueConstraint("username", name=op.f("uq_sign_in_throttle_username")),
    )
    op.create_table(
        "clinic_session",
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column(
            "session",
            sa.Enum(
                "am", "pm", "eve", name="clinic_session_part", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_clinic_session_weekday_monday_to_sunday")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_clinic_session_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_session")),
        sa.UniqueConstraint(
            "doctor_id", "weekday", "session", name=op.f("uq_clinic_session_doctor_id_weekday_session")
        ),
    )
    op.create_table(
        "competitor",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("maker", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_competitor_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor")),
        sa.UniqueConstraint("product_id", "name", name=op.f("uq_competitor_product_id_name")),
    )
    op.create_table(
        "distributor_region",
        sa.Column("distributor_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_distributor_region_distributor_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_distributor_region_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributor_region")),
        sa.UniqueConstraint("distributor_id", "region_id", name=op.f("uq_distributor_region_distributor_id_region_id")),
    )
    op.create_table(
        "hospital",
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("short_name", sa.String(length=50), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "3A",
                "3B",
                "3C",
                "2A",
                "2B",
                "2C",
                "1A",
                "1B",
                "1C",
                "ungraded",
                name="hospitalgrade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "paused",
                "closed",
                name="hospitalstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("city", sa.String(length=50), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("beds", sa.Integer(), nullable=True),
        sa.Column("pharmacy_note", sa.Text(), nullable=False),
        sa.Column("key_people_note", sa.Text(), nullable=False),
        sa.Column("name_pinyin", sa.String(length=600), nullable=False),
        sa.Column("name_initials", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("beds >= 0", name=op.f("ck_hospital_beds_not_negative")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_hospital_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_hospital_longitude_on_earth")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_hospital_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital")),
        sa.UniqueConstraint("code", name=op.f("uq_hospital_code")),
    )
    op.create_index(op.f("ix_hospital_code_letters"), "hospital", ["code_letters"], unique=False)
    op.create_index(op.f("ix_hospital_region_id"), "hospital", ["region_id"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "claimed", "done", "failed", name="runstatus", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("claimed_by", sa.String(length=100), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_job_run_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "period", "region_id", name=op.f("uq_job_run_job_period_region_id")),
    )
    op.create_index(op.f("ix_job_run_region_id"), "job_run", ["region_id"], unique=False)
    op.create_table(
        "period_target",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("floor_packs", sa.Integer(), nullable=False),
        sa.Column("stretch_packs", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= floor_packs AND floor_packs <= stretch_packs", name=op.f("ck_period_target_floor_below_stretch")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_period_target_product_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_period_target_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_target")),
        sa.UniqueConstraint(
            "region_id", "product_id", "month_on", name=op.f("uq_period_target_region_id_product_id_month_on")
        ),
    )
    op.create_index(op.f("ix_period_target_product_id"), "period_target", ["product_id"], unique=False)
    op.create_table(
        "planning_rules",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("am_minutes", sa.Integer(), nullable=False),
        sa.Column("pm_minutes", sa.Integer(), nullable=False),
        sa.Column("eve_minutes", sa.Integer(), nullable=False),
        sa.Column("calls_a_day", sa.Integer(), nullable=False),
        sa.Column("evenings_a_week", sa.Integer(), nullable=False),
        sa.Column("call_minutes", sa.Integer(), nullable=False),
        sa.Column("entry_minutes", sa.Integer(), nullable=False),
        sa.Column("hospitals_a_session", sa.Integer(), nullable=False),
        sa.Column("hop_minutes", sa.Integer(), nullable=False),
        sa.Column("noon_break_minutes", sa.Integer(), nullable=False),
        sa.Column("evening_break_minutes", sa.Integer(), nullable=False),
        sa.Column("key_goal_calls", sa.Integer(), nullable=False),
        sa.Column("key_must_calls", sa.Integer(), nullable=False),
        sa.Column("key_spacing_days", sa.Integer(), nullable=False),
        sa.Column("key_calls_a_week", sa.Integer(), nullable=False),
        sa.Column("general_spacing_days", sa.Integer(), nullable=False),
        sa.Column("general_calls_a_week", sa.Integer(), nullable=False),
        sa.Column("travel_price_an_hour", sa.Integer(), nullable=False),
        sa.Column("evening_price", sa.Integer(), nullable=False),
        sa.Column("must_price", sa.Integer(), nullable=False),
        sa.Column("least_worth_yuan", sa.Integer(), nullable=False),
        sa.Column("pull_permille", sa.Integer(), nullable=False),
        sa.Column("evenness_permille", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_planning_rules_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_rules")),
        sa.UniqueConstraint("region_id", name=op.f("uq_planning_rules_region_id")),
    )
    op.create_table(
        "product_conversion",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("packs_num", sa.Integer(), nullable=False),
        sa.Column("packs_den", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs_num > 0 AND packs_den > 0", name=op.f("ck_product_conversion_packs_positive")),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on < until_on", name=op.f("ck_product_conversion_from_before_until")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_conversion_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_conversion")),
        sa.UniqueConstraint(
            "product_id", "unit", "from_on", name=op.f("uq_product_conversion_product_id_unit_from_on")
        ),
    )
    op.create_table(
        "product_price",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_product_price_price_positive")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_price_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_price")),
        sa.UniqueConstraint("product_id", "from_on", name=op.f("uq_product_price_product_id_from_on")),
    )
    op.create_table(
        "region_calendar",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_region_calendar_country_of_two_letters")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_calendar_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_calendar")),
        sa.UniqueConstraint("region_id", "from_on", name=op.f("uq_region_calendar_region_id_from_on")),
    )
    op.create_table(
        "territory",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_territory_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        sa.UniqueConstraint("code", name=op.f("uq_territory_code")),
    )
    op.create_index(op.f("ix_territory_code_letters"), "territory", ["code_letters"], unique=False)
    op.create_index(op.f("ix_territory_region_id"), "territory", ["region_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum("rep", "lead", "admin", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_letters", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role = 'admin' OR region_id IS NOT NULL", name=op.f("ck_user_account_field_people_have_a_region")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_user_account_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("code", name=op.f("uq_user_account_code")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_index(op.f("ix_user_account_code_letters"), "user_account", ["code_letters"], unique=False)
    op.create_index(op.f("ix_user_account_region_id"), "user_account", ["region_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=True),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "team_meeting",
                "training",
                "department_meeting",
                "joint_visit",
                "other",
                name="appointmentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column(
            "part",
            sa.Enum("am", "pm", "eve", name="appointment_part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_at_time", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("with_lead", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on < until_on", name=op.f("ck_appointment_from_before_until")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_appointment_minutes_of_a_part")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_appointment_weekday_monday_to_sunday")),
        sa.CheckConstraint("weekday IS NOT NULL OR until_on IS NOT NULL", name=op.f("ck_appointment_once_has_its_day")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_appointment_hospital_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_appointment_region_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_appointment_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_hospital_id"), "appointment", ["hospital_id"], unique=False)
    op.create_index("ix_appointment_region_days", "appointment", ["region_id", "from_on", "until_on"], unique=False)
    op.create_index(op.f("ix_appointment_rep_id"), "appointment", ["rep_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"], unique=False)
    op.create_table(
        "call_plan",
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "published", name="planstatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)", name=op.f("ck_call_plan_published_has_its_time")
        ),
        sa.ForeignKeyConstraint(["locked_by_id"], ["user_account.id"], name=op.f("fk_call_plan_locked_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user_account.id"], name=op.f("fk_call_plan_published_by_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_call_plan_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_plan")),
        sa.UniqueConstraint("rep_id", "start_on", name=op.f("uq_call_plan_rep_id_start_on")),
    )
    op.create_index("ix_call_plan_start_on", "call_plan", ["start_on"], unique=False)
    op.create_table(
        "call_sheet",
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "reviewed",
                name="sheetstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("review_comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_call_sheet_rep_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user_account.id"], name=op.f("fk_call_sheet_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_sheet")),
        sa.UniqueConstraint("rep_id", "day_on", name=op.f("uq_call_sheet_rep_id_day_on")),
    )
    op.create_index("ix_call_sheet_day_on", "call_sheet", ["day_on"], unique=False)
    op.create_table(
        "department",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=True),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("is_model", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_department_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("hospital_id", "name", name=op.f("uq_department_hospital_id_name")),
    )
    op.create_table(
        "evening_duty",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_evening_duty_hospital_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_evening_duty_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_duty")),
        sa.UniqueConstraint("hospital_id", "day_on", name=op.f("uq_evening_duty_hospital_id_day_on")),
    )
    op.create_index("ix_evening_duty_rep_day", "evening_duty", ["rep_id", "day_on"], unique=False)
    op.create_table(
        "evening_round",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_evening_round_weekday_monday_to_sunday")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_evening_round_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_round")),
        sa.UniqueConstraint("hospital_id", "weekday", name=op.f("uq_evening_round_hospital_id_weekday")),
    )
    op.create_table(
        "hospital_target",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("floor_packs", sa.Integer(), nullable=False),
        sa.Column("stretch_packs", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= floor_packs AND floor_packs <= stretch_packs", name=op.f("ck_hospital_target_floor_below_stretch")
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_hospital_target_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_hospital_target_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_target")),
        sa.UniqueConstraint(
            "hospital_id", "product_id", "month_on", name=op.f("uq_hospital_target_hospital_id_product_id_month_on")
        ),
    )
    op.create_index("ix_hospital_target_month_on", "hospital_target", ["month_on"], unique=False)
    op.create_index(op.f("ix_hospital_target_product_id"), "hospital_target", ["product_id"], unique=False)
    op.create_table(
        "import_layout",
        sa.Column(
            "kind",
            sa.Enum(
                "regions",
                "people",
                "products",
                "prices",
                "competitors",
                "hospitals",
                "departments",
                "doctors",
                "listings",
                "territories",
                "targets",
                "flow",
                "time_off",
                "appointments",
                "reception",
                "distributors",
                "conversions",
                "workdays",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("distributor_id", sa.Integer(), nullable=True),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_import_layout_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"], name=op.f("fk_import_layout_distributor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layout")),
        sa.UniqueConstraint(
            "kind", "distributor_id", "signature", name=op.f("uq_import_layout_kind_distributor_id_signature")
        ),
    )
    op.create_table(
        "journal_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_journal_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    op.create_index(op.f("ix_journal_entry_actor_id"), "journal_entry", ["actor_id"], unique=False)
    op.create_index("ix_journal_entry_at", "journal_entry", ["at"], unique=False)
    op.create_index("ix_journal_entry_subject_subject_id", "journal_entry", ["subject", "subject_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "not_listed",
                "applied",
                "pharmacy_accepted",
                "committee",
                "listed",
                "temporary",
                "refused",
                "delisted",
                name="listingstage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("potential_packs", sa.Integer(), nullable=True),
        sa.Column("competitor_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("potential_packs >= 0", name=op.f("ck_listing_potential_not_negative")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_listing_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listing_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("hospital_id", "product_id", name=op.f("uq_listing_hospital_id_product_id")),
    )
    op.create_index(op.f("ix_listing_product_id"), "listing", ["product_id"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "long_work",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "stopped",
                name="workstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("error_values", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_long_work_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_work")),
    )
    op.create_index(op.f("ix_long_work_asked_by_id"), "long_work", ["asked_by_id"], unique=False)
    op.create_index("ix_long_work_state_asked_at", "long_work", ["state", "asked_at"], unique=False)
    op.create_table(
        "name_alias",
        sa.Column(
            "kind",
            sa.Enum(
                "hospital",
                "product",
                "rep",
                "distributor",
                "region",
                name="namekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("spelling", sa.String(length=200), nullable=False),
        sa.Column("spelling_key", sa.String(length=200), nullable=False),
        sa.Column("distributor_id", sa.Integer(), nullable=True),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("named_distributor_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("hospital_id IS NULL OR kind = 'hospital'", name=op.f("ck_name_alias_hospital_of_its_kind")),
        sa.CheckConstraint(
            "named_distributor_id IS NULL OR kind = 'distributor'", name=op.f("ck_name_alias_distributor_of_its_kind")
        ),
        sa.CheckConstraint("product_id IS NULL OR kind = 'product'", name=op.f("ck_name_alias_product_of_its_kind")),
        sa.CheckConstraint("region_id IS NULL OR kind = 'region'", name=op.f("ck_name_alias_region_of_its_kind")),
        sa.CheckConstraint("user_id IS NULL OR kind = 'rep'", name=op.f("ck_name_alias_rep_of_its_kind")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_name_alias_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_name_alias_decided_by_id")),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"], name=op.f("fk_name_alias_distributor_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_name_alias_hospital_id")),
        sa.ForeignKeyConstraint(
            ["named_distributor_id"], ["distributor.id"], name=op.f("fk_name_alias_named_distributor_id")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_name_alias_product_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_name_alias_region_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user_account.id"], name=op.f("fk_name_alias_undone_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_name_alias_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_alias")),
    )
    op.create_index(op.f("ix_name_alias_hospital_id"), "name_alias", ["hospital_id"], unique=False)
    op.create_index(op.f("ix_name_alias_named_distributor_id"), "name_alias", ["named_distributor_id"], unique=False)
    op.create_index(op.f("ix_name_alias_product_id"), "name_alias", ["product_id"], unique=False)
    op.create_index(op.f("ix_name_alias_region_id"), "name_alias", ["region_id"], unique=False)
    op.create_index(op.f("ix_name_alias_user_id"), "name_alias", ["user_id"], unique=False)
    op.create_index(
        "uq_name_alias_active_general",
        "name_alias",
        ["kind", "spelling_key"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL AND distributor_id IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL AND distributor_id IS NULL"),
    )
    op.create_index(
        "uq_name_alias_active_of_distributor",
        "name_alias",
        ["distributor_id", "kind", "spelling_key"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL AND distributor_id IS NOT NULL"),
        postgresql_where=sa.text("undone_at IS NULL AND distributor_id IS NOT NULL"),
    )
    op.create_table(
        "rating_worth",
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("headroom_permille", sa.Integer(), nullable=False),
        sa.Column("goal_calls", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("goal_calls BETWEEN 0 AND 12", name=op.f("ck_rating_worth_goal_calls_in_range")),
        sa.CheckConstraint(
            "headroom_permille BETWEEN 0 AND 1000", name=op.f("ck_rating_worth_headroom_permille_in_range")
        ),
        sa.CheckConstraint("rating BETWEEN 0 AND 7", name=op.f("ck_rating_worth_rating_zero_to_seven")),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["planning_rules.id"], name=op.f("fk_rating_worth_rules_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_worth")),
        sa.UniqueConstraint("rules_id", "rating", name=op.f("uq_rating_worth_rules_id_rating")),
    )
    op.create_table(
        "reception_window",
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "am", "pm", "eve", name="reception_window_part", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_reception_window_weekday_monday_to_sunday")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_reception_window_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_window")),
        sa.UniqueConstraint(
            "hospital_id", "weekday", "part", name=op.f("uq_reception_window_hospital_id_weekday_part")
        ),
    )
    op.create_table(
        "rep_base",
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_rep_base_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_rep_base_longitude_on_earth")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_rep_base_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep_base")),
        sa.UniqueConstraint("rep_id", name=op.f("uq_rep_base_rep_id")),
    )
    op.create_table(
        "report_snapshot",
        sa.Column(
            "kind",
            sa.Enum(
                "week", "month", "quarter", name="reportkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("data_as_of_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("revision = 1 OR reason <> ''", name=op.f("ck_report_snapshot_revised_with_a_reason")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_report_snapshot_revision_from_one")),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["user_account.id"], name=op.f("fk_report_snapshot_frozen_by_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_report_snapshot_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshot")),
        sa.UniqueConstraint(
            "kind", "period", "region_id", "revision", name=op.f("uq_report_snapshot_kind_period_region_id_revision")
        ),
    )
    op.create_index(op.f("ix_report_snapshot_region_id"), "report_snapshot", ["region_id"], unique=False)
    op.create_table(
        "sales_token",
        sa.Column("distributor_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_sales_token_revoked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_sales_token_created_by_id")),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"], name=op.f("fk_sales_token_distributor_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user_account.id"], name=op.f("fk_sales_token_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_token")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sales_token_token_digest")),
    )
    op.create_index(op.f("ix_sales_token_distributor_id"), "sales_token", ["distributor_id"], unique=False)
    op.create_table(
        "sync_operation",
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "log",
                "revise",
                "delete",
                "keep",
                "submit",
                name="operation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "applied",
                "conflict",
                "refused",
                name="operation_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sync_operation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_operation")),
        sa.UniqueConstraint("op_id", name=op.f("uq_sync_operation_op_id")),
    )
    op.create_index("ix_sync_operation_user_entity", "sync_operation", ["user_id", "entity_id"], unique=False)
    op.create_table(
        "territory_assignment",
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on < until_on", name=op.f("ck_territory_assignment_from_before_until")
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_territory_assignment_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_territory_assignment_product_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_territory_assignment_rep_id")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_territory_assignment_territory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_assignment")),
        sa.UniqueConstraint(
            "hospital_id", "product_id", "from_on", name=op.f("uq_territory_assignment_hospital_id_product_id_from_on")
        ),
    )
    op.create_index(op.f("ix_territory_assignment_product_id"), "territory_assignment", ["product_id"], unique=False)
    op.create_index(
        "ix_territory_assignment_rep_days", "territory_assignment", ["rep_id", "from_on", "until_on"], unique=False
    )
    op.create_index(
        op.f("ix_territory_assignment_territory_id"), "territory_assignment", ["territory_id"], unique=False
    )
    op.create_table(
        "time_off",
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("am", "pm", "eve", name="time_off_part", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "annual",
                "sick",
                "training",
                "other",
                name="timeoffkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on < until_on", name=op.f("ck_time_off_from_before_until")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_time_off_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
    )
    op.create_index("ix_time_off_rep_days", "time_off", ["rep_id", "from_on", "until_on"], unique=False)
    op.create_table(
        "travel_override",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_travel_override_minutes_of_a_day")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_travel_override_one_before_other")),
        sa.ForeignKeyConstraint(["one_id"], ["hospital.id"], name=op.f("fk_travel_override_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["hospital.id"], name=op.f("fk_travel_override_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_override")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_travel_override_one_id_other_id")),
    )
    op.create_index(op.f("ix_travel_override_other_id"), "travel_override", ["other_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("main_doctor_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned", "done", "cancelled", name="callstatus", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_planned", sa.Boolean(), nullable=False),
        sa.Column(
            "session",
            sa.Enum("am", "pm", "eve", name="call_part", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("started_at_time", sa.Time(), nullable=True),
        sa.Column(
            "call_type",
            sa.Enum(
                "one_to_one",
                "one_to_several",
                "department_meeting",
                "phone",
                name="calltype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "goal_met",
                "partly",
                "not_met",
                "doctor_not_met",
                name="callresult",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.Column(
            "miss_reason",
            sa.Enum(
                "doctor_away",
                "clinic_cancelled",
                "not_received",
                "no_time",
                "called_elsewhere",
                "leave",
                "replanned",
                "other",
                name="missreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ceiling_reason", sa.String(length=200), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'done') = (result IS NOT NULL)", name=op.f("ck_call_done_has_a_result")),
        sa.CheckConstraint("miss_reason IS NULL OR status = 'cancelled'", name=op.f("ck_call_missed_is_cancelled")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_call_department_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_call_hospital_id")),
        sa.ForeignKeyConstraint(["main_doctor_id"], ["doctor.id"], name=op.f("fk_call_main_doctor_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_call_rep_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["call_sheet.id"], name=op.f("fk_call_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("client_id", name=op.f("uq_call_client_id")),
    )
    op.create_index("ix_call_hospital_day", "call", ["hospital_id", "day_on"], unique=False)
    op.create_index("ix_call_main_doctor_day", "call", ["main_doctor_id", "day_on"], unique=False)
    op.create_index("ix_call_rep_day", "call", ["rep_id", "day_on"], unique=False)
    op.create_index(op.f("ix_call_sheet_id"), "call", ["sheet_id"], unique=False)
    op.create_table(
        "change_request",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "granted", "refused", name="requeststate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_change_request_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_change_request_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["call_plan.id"], name=op.f("fk_change_request_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_plan_state", "change_request", ["plan_id", "state"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column(
            "kind",
            sa.Enum(
                "regions",
                "people",
                "products",
                "prices",
                "competitors",
                "hospitals",
                "departments",
                "doctors",
                "listings",
                "territories",
                "targets",
                "flow",
                "time_off",
                "appointments",
                "reception",
                "distributors",
                "conversions",
                "workdays",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("distributor_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "replaces", "adds", "corrects", name="flowmode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "reading",
                "previewed",
                "applied",
                "replaced",
                "undone",
                "discarded",
                "unchanged",
                name="batchstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("count_new", sa.Integer(), nullable=False),
        sa.Column("count_changed", sa.Integer(), nullable=False),
        sa.Column("count_unchanged", sa.Integer(), nullable=False),
        sa.Column("count_refused", sa.Integer(), nullable=False),
        sa.Column("count_gone", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("staged_lines", sa.Integer(), nullable=False),
        sa.Column("staged_packs", sa.Integer(), nullable=False),
        sa.Column("staged_late", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "page", "command", "api", "folder", name="channel", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count_open", sa.Integer(), nullable=False),
        sa.Column("count_aside", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'replaced') = (replaced_by_id IS NOT NULL)", name=op.f("ck_import_batch_replaced_by_a_batch")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_import_batch_created_by_id")),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"], name=op.f("fk_import_batch_distributor_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["import_batch.id"], name=op.f("fk_import_batch_replaced_by_id")),
        sa.ForeignKeyConstraint(["token_id"], ["sales_token.id"], name=op.f("fk_import_batch_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_distributor_status", "import_batch", ["distributor_id", "status"], unique=False)
    op.create_index("ix_import_batch_file_digest", "import_batch", ["file_digest"], unique=False)
    op.create_index(op.f("ix_import_batch_replaced_by_id"), "import_batch", ["replaced_by_id"], unique=False)
    op.create_table(
        "plan_proposal",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("propose", "mend", name="proposalkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "dismissed",
                "outdated",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("now_on", sa.Date(), nullable=False),
        sa.Column("basis_version", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("objective", sa.Double(), nullable=False),
        sa.Column("upper_bound", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_plan_proposal_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["call_plan.id"], name=op.f("fk_plan_proposal_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["long_work.id"], name=op.f("fk_plan_proposal_work_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_proposal")),
    )
    op.create_index("ix_plan_proposal_plan_state", "plan_proposal", ["plan_id", "state"], unique=False)
    op.create_table(
        "post",
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR from_on < until_on", name=op.f("ck_post_from_before_until")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_post_department_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_post_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint(
            "doctor_id", "department_id", "from_on", name=op.f("uq_post_doctor_id_department_id_from_on")
        ),
    )
    op.create_index(op.f("ix_post_department_id"), "post", ["department_id"], unique=False)
    op.create_table(
        "quota_split",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposed",
                "approved",
                "returned",
                name="splitstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user_account.id"], name=op.f("fk_quota_split_approved_by_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user_account.id"], name=op.f("fk_quota_split_edited_by_id")),
        sa.ForeignKeyConstraint(["target_id"], ["hospital_target.id"], name=op.f("fk_quota_split_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_split")),
        sa.UniqueConstraint("target_id", name=op.f("uq_quota_split_target_id")),
    )
    op.create_table(
        "review",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_review_region_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_review_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_region_period", "review", ["region_id", "period"], unique=True)
    op.create_index(op.f("ix_review_snapshot_id"), "review", ["snapshot_id"], unique=False)
    op.create_table(
        "snapshot_chart",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("svg", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_snapshot_chart_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_chart")),
        sa.UniqueConstraint(
            "snapshot_id", "name", "language", name=op.f("uq_snapshot_chart_snapshot_id_name_language")
        ),
    )
    op.create_table(
        "work_attachment",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["long_work.id"], name=op.f("fk_work_attachment_work_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_attachment")),
        sa.UniqueConstraint("work_id", name=op.f("uq_work_attachment_work_id")),
    )
    op.create_table(
        "action",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open", "done", "dropped", name="actionstatus", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user_account.id"], name=op.f("fk_action_closed_by_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_action_hospital_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_action_region_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_action_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_hospital_id"), "action", ["hospital_id"], unique=False)
    op.create_index(op.f("ix_action_owner_id"), "action", ["owner_id"], unique=False)
    op.create_index("ix_action_region_status", "action", ["region_id", "status"], unique=False)
    op.create_index(op.f("ix_action_review_id"), "action", ["review_id"], unique=False)
    op.create_table(
        "adoption_rating",
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 7", name=op.f("ck_adoption_rating_rating_one_to_seven")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_adoption_rating_call_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_adoption_rating_doctor_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_adoption_rating_product_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_adoption_rating_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_rating")),
    )
    op.create_index("ix_adoption_rating_call_id", "adoption_rating", ["call_id"], unique=False)
    op.create_index(
        "ix_adoption_rating_latest", "adoption_rating", ["doctor_id", "product_id", "rated_on"], unique=False
    )
    op.create_index(op.f("ix_adoption_rating_product_id"), "adoption_rating", ["product_id"], unique=False)
    op.create_table(
        "amendment",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_amendment_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_amendment_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    op.create_index(op.f("ix_amendment_call_id"), "amendment", ["call_id"], unique=False)
    op.create_table(
        "call_doctor",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_doctor_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_call_doctor_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_doctor")),
        sa.UniqueConstraint("call_id", "doctor_id", name=op.f("uq_call_doctor_call_id_doctor_id")),
    )
    op.create_index(op.f("ix_call_doctor_doctor_id"), "call_doctor", ["doctor_id"], unique=False)
    op.create_table(
        "call_product",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("stock_packs", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 7", name=op.f("ck_call_product_rating_one_to_seven")),
        sa.CheckConstraint("stock_packs >= 0", name=op.f("ck_call_product_stock_not_negative")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_product_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_call_product_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_product")),
        sa.UniqueConstraint("call_id", "product_id", name=op.f("uq_call_product_call_id_product_id")),
    )
    op.create_index(op.f("ix_call_product_product_id"), "call_product", ["product_id"], unique=False)
    op.create_table(
        "call_purpose",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "support_listing",
                "increase_use",
                "maintain_use",
                "introduce_product",
                "in_hospital_meeting",
                "check_stock",
                "solve_problem",
                "other",
                name="callpurpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_purpose_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_purpose")),
        sa.UniqueConstraint("call_id", "purpose", name=op.f("uq_call_purpose_call_id_purpose")),
    )
    op.create_table(
        "competitor_seen",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("competitor_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_competitor_seen_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["competitor_id"], ["competitor.id"], name=op.f("fk_competitor_seen_competitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor_seen")),
        sa.UniqueConstraint("call_id", "competitor_id", name=op.f("uq_competitor_seen_call_id_competitor_id")),
    )
    op.create_index(op.f("ix_competitor_seen_competitor_id"), "competitor_seen", ["competitor_id"], unique=False)
    op.create_table(
        "flow_line",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "grain",
            sa.Enum("day", "month", name="flowgrain", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("value_fen", sa.Integer(), nullable=True),
        sa.Column("chain", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "value_fen IS NULL OR packs <> 0 OR value_fen = 0", name=op.f("ck_flow_line_value_without_packs")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_flow_line_batch_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_flow_line_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_flow_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_line")),
        sa.UniqueConstraint("batch_id", "line_no", name=op.f("uq_flow_line_batch_id_line_no")),
    )
    op.create_index(
        "ix_flow_line_batch_on_hospital_packs",
        "flow_line",
        ["batch_id", "on_day", "hospital_id", "packs"],
        unique=False,
    )
    op.create_index(
        "ix_flow_line_on_hospital_product", "flow_line", ["on_day", "hospital_id", "product_id"], unique=False
    )
    op.create_table(
        "follow_up",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_by_call_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_follow_up_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_follow_up_doctor_id")),
        sa.ForeignKeyConstraint(
            ["kept_by_call_id"], ["call.id"], name=op.f("fk_follow_up_kept_by_call_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name=op.f("fk_follow_up_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_call_id"), "follow_up", ["call_id"], unique=False)
    op.create_index(op.f("ix_follow_up_doctor_id"), "follow_up", ["doctor_id"], unique=False)
    op.create_index(op.f("ix_follow_up_kept_by_call_id"), "follow_up", ["kept_by_call_id"], unique=False)
    op.create_index("ix_follow_up_rep_due", "follow_up", ["rep_id", "due_on"], unique=False)
    op.create_table(
        "import_change",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_change_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    op.create_index(op.f("ix_import_change_batch_id"), "import_change", ["batch_id"], unique=False)
    op.create_table(
        "import_content",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_content_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_content")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_import_content_batch_id")),
    )
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("aside_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_row_batch_id_number")),
    )
    op.create_index("ix_import_row_batch_verdict", "import_row", ["batch_id", "verdict", "number"], unique=False)
    op.create_table(
        "plan_visit",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("am", "pm", "eve", name="plan_visit_part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "proposal",
                "by_hand",
                "copied",
                name="visitorigin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_plan_visit_call_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_plan_visit_doctor_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_plan_visit_hospital_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["call_plan.id"], name=op.f("fk_plan_visit_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_visit")),
        sa.UniqueConstraint("plan_id", "doctor_id", "day_on", name=op.f("uq_plan_visit_plan_id_doctor_id_day_on")),
    )
    op.create_index(op.f("ix_plan_visit_call_id"), "plan_visit", ["call_id"], unique=False)
    op.create_index(op.f("ix_plan_visit_doctor_id"), "plan_visit", ["doctor_id"], unique=False)
    op.create_table(
        "quota_share",
        sa.Column("split_id", sa.Integer(), nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs >= 0", name=op.f("ck_quota_share_packs_not_negative")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctor.id"], name=op.f("fk_quota_share_doctor_id")),
        sa.ForeignKeyConstraint(
            ["split_id"], ["quota_split.id"], name=op.f("fk_quota_share_split_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_share")),
        sa.UniqueConstraint("split_id", "doctor_id", name=op.f("uq_quota_share_split_id_doctor_id")),
    )
    op.create_index(op.f("ix_quota_share_doctor_id"), "quota_share", ["doctor_id"], unique=False)
    op.create_table(
        "stock_line",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_stock_line_batch_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_stock_line_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_stock_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_line")),
        sa.UniqueConstraint("batch_id", "line_no", name=op.f("uq_stock_line_batch_id_line_no")),
    )
    op.create_index(op.f("ix_stock_line_hospital_id"), "stock_line", ["hospital_id"], unique=False)
    op.create_index(op.f("ix_stock_line_product_id"), "stock_line", ["product_id"], unique=False)
    op.create_table(
        "sync_conflict",
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("day_on", sa.Date(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "changed",
                "gone",
                "deleted",
                "moved",
                name="conflictkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mine", sa.JSON(), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("choice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_sync_conflict_call_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["operation_id"], ["sync_operation.id"], name=op.f("fk_sync_conflict_operation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sync_conflict_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflict")),
    )
    op.create_index(op.f("ix_sync_conflict_call_id"), "sync_conflict", ["call_id"], unique=False)
    op.create_index(op.f("ix_sync_conflict_operation_id"), "sync_conflict", ["operation_id"], unique=False)
    op.create_index("ix_sync_conflict_user_settled", "sync_conflict", ["user_id", "settled_at"], unique=False)
    op.create_table(
        "sales_claim",
        sa.Column(
            "kind",
            sa.Enum(
                "not_mine",
                "wrong_hospital",
                "missing",
                "too_much",
                name="claimkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "withdrawn",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("other_hospital_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (batch_id IS NOT NULL)", name=op.f("ck_sales_claim_accepted_is_corrected")
        ),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_sales_claim_closed")),
        sa.CheckConstraint(
            "(state IN ('accepted', 'declined')) = (answered_by_id IS NOT NULL)", name=op.f("ck_sales_claim_answered")
        ),
        sa.CheckConstraint("line_id IS NULL OR kind <> 'missing'", name=op.f("ck_sales_claim_a_line_is_not_missing")),
        sa.CheckConstraint(
            "other_hospital_id IS NULL OR other_hospital_id <> hospital_id",
            name=op.f("ck_sales_claim_another_hospital"),
        ),
        sa.CheckConstraint("packs > 0", name=op.f("ck_sales_claim_some_packs")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_sales_claim_answered_by_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_sales_claim_batch_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_sales_claim_hospital_id")),
        sa.ForeignKeyConstraint(["line_id"], ["flow_line.id"], name=op.f("fk_sales_claim_line_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_sales_claim_made_by_id")),
        sa.ForeignKeyConstraint(["other_hospital_id"], ["hospital.id"], name=op.f("fk_sales_claim_other_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sales_claim_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_claim")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_sales_claim_batch_id")),
    )
    op.create_index(op.f("ix_sales_claim_line_id"), "sales_claim", ["line_id"], unique=False)
    op.create_index(op.f("ix_sales_claim_made_by_id"), "sales_claim", ["made_by_id"], unique=False)
    op.create_index("ix_sales_claim_place", "sales_claim", ["hospital_id", "product_id", "month_on"], unique=False)
    op.create_index("ix_sales_claim_state", "sales_claim", ["state", "made_at"], unique=False)
    for table in ("journal_entry", "report_snapshot", "snapshot_chart"):
        protect(op.get_bind(), table)
