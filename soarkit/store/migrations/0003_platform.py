"""What apps leave on their platform: containers and artifacts, the vault, custom lists."""

import django.db.models.deletion
from django.db import migrations, models

import soarkit.store.json_field


class Migration(migrations.Migration):
    dependencies = [
        ("soarkit_store", "0002_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomList",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("content", soarkit.store.json_field.JsonField()),
                ("create_time", models.DateTimeField()),
                ("update_time", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="VaultDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=40, unique=True)),
                ("sha256", models.TextField()),
                ("md5", models.TextField()),
                ("size", models.BigIntegerField()),
                ("mime_type", models.TextField()),
                ("create_time", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("about", soarkit.store.json_field.JsonField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="soarkit_store_one_choice")],
            },
        ),
        migrations.CreateModel(
            name="Container",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("label", models.TextField()),
                ("severity", models.TextField()),
                ("status", models.TextField()),
                ("sensitivity", models.TextField()),
                ("description", models.TextField()),
                ("source_data_identifier", models.TextField()),
                ("asset_id", models.BigIntegerField()),
                ("ingest_app", models.TextField(null=True)),
                ("owner", models.TextField()),
                ("container_type", models.TextField()),
                ("kill_chain", models.TextField(null=True)),
                ("run", models.TextField(null=True)),
                ("hash", models.TextField()),
                ("tags", soarkit.store.json_field.JsonField()),
                ("data", soarkit.store.json_field.JsonField()),
                ("custom_fields", soarkit.store.json_field.JsonField()),
                ("extra", soarkit.store.json_field.JsonField()),
                ("create_time", models.DateTimeField()),
                ("update_time", models.DateTimeField(db_index=True)),
                ("artifact_update_time", models.DateTimeField()),
                ("start_time", models.DateTimeField(null=True)),
                ("end_time", models.DateTimeField(null=True)),
                ("open_time", models.DateTimeField(null=True)),
                ("close_time", models.DateTimeField(null=True)),
                ("due_time", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hash", "asset_id"), name="soarkit_store_one_container")
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("comment", models.TextField()),
                ("author", models.TextField()),
                ("create_time", models.DateTimeField()),
                (
                    "container",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="soarkit_store.container",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("content", models.TextField()),
                ("note_type", models.TextField()),
                ("note_format", models.TextField()),
                ("author", models.TextField()),
                ("artifact_id", models.BigIntegerField(null=True)),
                ("task_id", models.BigIntegerField(null=True)),
                ("phase_id", models.BigIntegerField(null=True)),
                ("create_time", models.DateTimeField()),
                ("update_time", models.DateTimeField()),
                (
                    "container",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="soarkit_store.container"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("created_via", models.TextField()),
                ("author", models.TextField()),
                ("task_id", models.BigIntegerField(null=True)),
                ("metadata", soarkit.store.json_field.JsonField()),
                ("create_time", models.DateTimeField()),
                (
                    "container",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="soarkit_store.container",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="soarkit_store.vaultdocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Artifact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("label", models.TextField()),
                ("type", models.TextField()),
                ("severity", models.TextField()),
                ("description", models.TextField()),
                ("source_data_identifier", models.TextField()),
                ("owner", models.TextField()),
                ("ingest_app", models.TextField(null=True)),
                ("kill_chain", models.TextField(null=True)),
                ("run", models.TextField(null=True)),
                ("hash", models.TextField()),
                ("run_automation", models.BooleanField()),
                ("cef", soarkit.store.json_field.JsonField()),
                ("cef_types", soarkit.store.json_field.JsonField()),
                ("tags", soarkit.store.json_field.JsonField()),
                ("data", soarkit.store.json_field.JsonField()),
                ("extra", soarkit.store.json_field.JsonField()),
                ("create_time", models.DateTimeField()),
                ("update_time", models.DateTimeField()),
                ("start_time", models.DateTimeField(null=True)),
                ("end_time", models.DateTimeField(null=True)),
                (
                    "container",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="artifacts",
                        to="soarkit_store.container",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("container", "hash"), name="soarkit_store_one_artifact")
                ],
            },
        ),
        migrations.AddField("Run", "container", models.BigIntegerField(null=True)),
    ]
