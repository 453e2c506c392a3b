"""The proxies of records at the desk, with their permissions, and what it keeps of accounts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tracker', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Beat',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('pairs', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Actor',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingrecord',),
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
            ],
            options={
                'permissions': (('judge_claim', 'Can give verdicts on claims'),),
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingclaim',),
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingrecord',),
        ),
        migrations.CreateModel(
            name='Cue',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add',),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.deskcue',),
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingrecord',),
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.job',),
        ),
        migrations.CreateModel(
            name='Lens',
            fields=[
            ],
            options={
                'verbose_name_plural': 'lenses',
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingrecord',),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.standingrecord',),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': ('change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('tracker.webhook',),
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('query', models.TextField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='saved_view_name')],
            },
        ),
    ]
