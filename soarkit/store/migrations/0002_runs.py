"""Action runs and their results."""

import django.db.models.deletion
from django.db import migrations, models

import soarkit.store.models


class Migration(migrations.Migration):
    dependencies = [("soarkit_store", "0001_apps_and_assets")]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=32, unique=True)),
                ("app", models.TextField()),
                ("slug", models.TextField(null=True)),
                ("appid", models.TextField()),
                ("app_version", models.TextField()),
                ("action", models.TextField()),
                ("identifier", models.TextField()),
                ("asset", models.TextField(null=True)),
                ("asset_id", models.BigIntegerField(null=True)),
                ("status", models.CharField(max_length=16)),
                ("message", models.TextField()),
                ("exit_code", models.IntegerField(null=True)),
                ("started", models.DateTimeField(db_index=True)),
                ("elapsed", models.FloatField(null=True)),
                ("host", models.TextField()),
                ("pid", models.BigIntegerField(null=True)),
                ("app_path", models.TextField()),
                ("log_path", models.TextField(null=True)),
                ("result_size", models.BigIntegerField()),
                ("parameters", soarkit.store.models.JsonField()),
                ("error", soarkit.store.models.JsonField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ResultPart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("data", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="soarkit_store.run"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="soarkit_store_one_part")],
            },
        ),
    ]
