"""What the store knows of enrichment bundles: which apps are some, who sees them, and which assets are active."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("soarkit_store", "0003_platform"),
    ]

    operations = [
        # Databases keep the default of a column only while it is added: rows that are there are connectors' rows.
        migrations.AddField(model_name="app", name="kind", field=models.CharField(max_length=16, default="connector")),
        migrations.AddField(model_name="app", name="visibility", field=models.CharField(max_length=16, null=True)),
        migrations.AddField(model_name="asset", name="active", field=models.BooleanField(null=True)),
    ]
