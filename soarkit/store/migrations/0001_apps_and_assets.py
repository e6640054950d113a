"""Installed apps with their versions, and assets."""

import django.db.models.deletion
from django.db import migrations, models

import soarkit.store.models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="App",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("appid", models.TextField(unique=True)),
                ("slug", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("product_vendor", models.TextField()),
                ("product_name", models.TextField()),
                ("publisher", models.TextField()),
                ("description", models.TextField()),
                ("current", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="AppVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version", models.TextField()),
                ("folder", models.TextField()),
                ("manifest", models.TextField()),
                ("digest", models.TextField()),
                ("source", models.TextField()),
                ("python", models.TextField(null=True)),
                ("index_fallback", models.BooleanField()),
                ("environment", models.TextField(null=True)),
                ("installed_at", models.DateTimeField()),
                ("fields", soarkit.store.models.JsonField()),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="soarkit_store.app"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("app", "version"), name="soarkit_store_one_version")],
            },
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("name_key", models.TextField(unique=True)),
                ("appid", models.TextField(db_index=True, null=True)),
                ("slug", models.TextField(null=True)),
                ("product_vendor", models.TextField()),
                ("product_name", models.TextField()),
                ("product_version", models.TextField(null=True)),
                ("concurrency_limit", models.IntegerField(null=True)),
                ("description", models.TextField()),
                ("configuration", soarkit.store.models.JsonField()),
                ("secrets", soarkit.store.models.JsonField()),
                ("known", soarkit.store.models.JsonField()),
            ],
        ),
    ]
