"""All tables, and the functions and guards of the log, from the SQL files beside this one."""

from pathlib import Path

import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from tracker.queries import guards

TRUTH, STORAGE = (
    Path(__file__).with_name(f"0001_{name}.sql").read_text(encoding="utf-8")
    for name in ("truth", "storage")
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('started_at', models.DateTimeField(primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('whole', 'Whole'), ('sample', 'Sample'), ('inspection', 'Inspection')])),
                ('checked', models.IntegerField(default=0)),
                ('differing', models.JSONField(default=list)),
                ('damaged', models.BooleanField(default=False)),
                ('error', models.TextField(default='')),
            ],
            options={
                'db_table': 'audit',
            },
        ),
        migrations.CreateModel(
            name='CoverageCounts',
            fields=[
                ('collection', models.UUIDField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
                ('counts', models.JSONField()),
            ],
            options={
                'db_table': 'coverage',
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('view', models.TextField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=0)),
                ('begun', models.BigIntegerField(default=0)),
                ('last_claim', models.UUIDField(null=True)),
                ('stopped_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'cursor',
            },
        ),
        migrations.CreateModel(
            name='DirtyPair',
            fields=[
                ('pk', models.CompositePrimaryKey('view', 'pair', blank=True, editable=False, primary_key=True, serialize=False)),
                ('view', models.TextField()),
                ('pair', models.TextField()),
                ('from_day', models.DateField()),
                ('since_position', models.BigIntegerField()),
                ('urgent', models.BooleanField(db_default=False, default=False)),
                ('generation', models.IntegerField(default=1)),
                ('lease', models.UUIDField(null=True)),
                ('attempts', models.IntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('last_error', models.TextField(default='')),
            ],
            options={
                'db_table': 'dirty_pair',
            },
        ),
        migrations.CreateModel(
            name='Disclosed',
            fields=[
                ('pk', models.CompositePrimaryKey('claim', 'known_from', blank=True, editable=False, primary_key=True, serialize=False)),
                ('claim', models.UUIDField()),
                ('known_from', models.BigIntegerField()),
                ('known_until', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'disclosed',
            },
        ),
        migrations.CreateModel(
            name='EditionSpread',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'day', 'pair', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('day', models.DateField()),
                ('pair', models.TextField()),
                ('low', models.FloatField()),
                ('high', models.FloatField()),
                ('same_sign', models.FloatField(null=True)),
            ],
            options={
                'db_table': 'edition_spread',
            },
        ),
        migrations.CreateModel(
            name='KnotBlock',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'pair', 'direction', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('pair', models.TextField()),
                ('direction', models.TextField()),
                ('day', models.DateField()),
                ('n', models.IntegerField()),
                ('last', models.DateField()),
                ('days', models.BinaryField()),
                ('moments', models.BinaryField()),
                ('claims', models.BinaryField()),
                ('roots', models.BinaryField()),
                ('state_roots', models.BinaryField()),
                ('newest', models.BinaryField()),
            ],
            options={
                'db_table': 'knot_block',
            },
        ),
        migrations.CreateModel(
            name='MailReader',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('address', models.TextField(unique=True)),
                ('site', models.TextField()),
                ('language', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('week', models.DateField(null=True)),
                ('attempts', models.IntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'mail_reader',
            },
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('pk', models.CompositePrimaryKey('view', 'subject', blank=True, editable=False, primary_key=True, serialize=False)),
                ('view', models.TextField()),
                ('subject', models.TextField()),
                ('position', models.BigIntegerField()),
                ('error', models.TextField()),
            ],
            options={
                'db_table': 'quarantine',
            },
        ),
        migrations.CreateModel(
            name='Scored',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'pair', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('pair', models.TextField()),
                ('position', models.BigIntegerField()),
            ],
            options={
                'db_table': 'scored',
            },
        ),
        migrations.CreateModel(
            name='SealedCheckpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('note', models.TextField()),
                ('key', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'seal_checkpoint',
            },
        ),
        migrations.CreateModel(
            name='SealTimestamp',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('answer', models.BinaryField()),
                ('stamped_at', models.DateTimeField()),
                ('authority', models.TextField()),
            ],
            options={
                'db_table': 'seal_timestamp',
            },
        ),
        migrations.CreateModel(
            name='SealWitness',
            fields=[
                ('pk', models.CompositePrimaryKey('name', 'origin', blank=True, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('origin', models.TextField()),
                ('size', models.BigIntegerField(default=0)),
                ('signed_at', models.DateTimeField(null=True)),
                ('error', models.TextField(default='')),
                ('failing_since', models.DateTimeField(null=True)),
                ('refused', models.TextField(default='')),
                ('refused_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'seal_witness',
            },
        ),
        migrations.CreateModel(
            name='ShiftCauses',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'pair', 'seen', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('pair', models.TextField()),
                ('seen', models.DateField()),
                ('start', models.DateField()),
                ('peak', models.DateField()),
                ('position', models.BigIntegerField()),
                ('parts', models.JSONField()),
            ],
            options={
                'db_table': 'shift_causes',
            },
        ),
        migrations.CreateModel(
            name='Watched',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'pair', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('pair', models.TextField()),
                ('position', models.BigIntegerField()),
                ('day', models.DateField()),
                ('change_7', models.FloatField(null=True)),
                ('change_30', models.FloatField(null=True)),
                ('change_365', models.FloatField(null=True)),
                ('moved_since', models.DateField(null=True)),
                ('moved', models.FloatField(null=True)),
                ('moved_low', models.FloatField(null=True)),
                ('moved_high', models.FloatField(null=True)),
                ('fell', models.FloatField(null=True)),
                ('rose', models.FloatField(null=True)),
                ('acted', models.BooleanField(null=True)),
            ],
            options={
                'db_table': 'watched',
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('url', models.TextField()),
                ('site', models.TextField()),
                ('kinds', models.JSONField()),
                ('pair', models.TextField(null=True)),
                ('lens', models.TextField(null=True)),
                ('secrets', models.JSONField()),
                ('state', models.TextField(default='active')),
                ('because', models.TextField(default='')),
                ('position', models.BigIntegerField()),
                ('failing_since', models.DateTimeField(null=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('recorded_by', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'webhook',
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                ('token_key', models.CharField(db_index=True, max_length=25)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('expiry', models.DateTimeField(blank=True, null=True)),
                ('name', models.TextField(default='')),
                ('scopes', models.JSONField(default=list)),
                ('issued_by', models.TextField(db_default='', default='')),
                ('issuer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens_issued', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'api_token',
            },
        ),
        migrations.CreateModel(
            name='CurrentScore',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'direction', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('direction', models.TextField()),
                ('pair', models.TextField()),
                ('day', models.DateField()),
                ('value', models.FloatField()),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('claims', models.IntegerField()),
                ('roots', models.IntegerField()),
                ('state_roots', models.IntegerField()),
                ('last_claim_day', models.DateField(null=True)),
            ],
            options={
                'db_table': 'current_score',
                'indexes': [models.Index(models.F('lens'), models.F('lens_version'), models.F('value'), models.F('direction'), condition=models.Q(('direction__contains', '>'), _negated=True), name='current_score_by_value'), models.Index(models.F('lens'), models.F('lens_version'), models.F('claims'), models.F('direction'), condition=models.Q(('direction__contains', '>'), _negated=True), name='current_score_by_claims'), models.Index(models.F('lens'), models.F('lens_version'), models.F('roots'), models.F('direction'), condition=models.Q(('direction__contains', '>'), _negated=True), name='current_score_by_roots'), models.Index(models.F('lens'), models.F('lens_version'), django.db.models.functions.comparison.Coalesce('last_claim_day', models.Value(datetime.date(1, 1, 1))), models.F('direction'), condition=models.Q(('direction__contains', '>'), _negated=True), name='current_score_by_newest')],
            },
        ),
        migrations.CreateModel(
            name='Dependency',
            fields=[
                ('pk', models.CompositePrimaryKey('view', 'stream', 'claim', blank=True, editable=False, primary_key=True, serialize=False)),
                ('view', models.TextField()),
                ('stream', models.UUIDField()),
                ('claim', models.UUIDField()),
            ],
            options={
                'db_table': 'dependency',
                'indexes': [models.Index(fields=['view', 'claim'], name='dependency_claim')],
            },
        ),
        migrations.CreateModel(
            name='DeskCue',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('cue', models.TextField()),
                ('object', models.TextField(default='')),
                ('code', models.TextField()),
                ('example', models.TextField(default='')),
                ('added_by', models.TextField()),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'desk_cue',
                'constraints': [models.UniqueConstraint(fields=('cue', 'object'), name='desk_cue_once')],
            },
        ),
        migrations.CreateModel(
            name='AccountName',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('account', models.BigIntegerField(db_index=True)),
            ],
            options={
                'db_table': 'account_name',
            },
        ),
        migrations.CreateModel(
            name='DrawnClaim',
            fields=[
                ('claim', models.UUIDField(primary_key=True, serialize=False)),
                ('week', models.DateField()),
                ('position', models.BigIntegerField()),
                ('stratum', models.TextField()),
                ('probability', models.FloatField()),
                ('verdict', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'drawn_claim',
                'indexes': [models.Index(fields=['week', 'claim'], name='drawn_claim_week')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('day', models.DateField()),
                ('position', models.BigIntegerField()),
                ('pairs', models.IntegerField()),
                ('digest', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('spreads', models.TextField()),
                ('root', models.TextField()),
            ],
            options={
                'db_table': 'edition',
                'indexes': [models.Index(fields=['day', 'lens', 'lens_version'], name='edition_day')],
            },
        ),
        migrations.CreateModel(
            name='ImpactVersion',
            fields=[
                ('pk', models.CompositePrimaryKey('view', 'pair', 'initiator', 'claim', 'known_from', blank=True, editable=False, primary_key=True, serialize=False)),
                ('view', models.TextField()),
                ('pair', models.TextField()),
                ('initiator', models.TextField()),
                ('claim', models.UUIDField()),
                ('known_from', models.BigIntegerField()),
                ('known_until', models.BigIntegerField(null=True)),
                ('recipient', models.TextField()),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('situation', models.BooleanField()),
                ('fades', models.BooleanField()),
                ('value', models.FloatField()),
                ('weight', models.FloatField()),
                ('p', models.FloatField()),
                ('sectors', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('roots', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('state_roots', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('code', models.TextField(db_default='', default='')),
                ('sd', models.FloatField(null=True)),
            ],
            options={
                'db_table': 'impact',
                'indexes': [models.Index(condition=models.Q(('known_until__isnull', True)), fields=['view', 'claim'], name='impact_open'), models.Index(fields=['view', 'known_from'], name='impact_known_from'), models.Index(fields=['view', 'pair', 'first'], name='impact_first'), models.Index(condition=models.Q(('sd__isnull', True)), fields=['view', 'first'], name='impact_acts'), models.Index(condition=models.Q(('known_until__isnull', False)), fields=['view', 'known_until'], name='impact_ended')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('format', models.TextField()),
                ('file_sha256', models.TextField()),
                ('collection', models.UUIDField(null=True)),
                ('recorded_by', models.TextField()),
                ('state', models.TextField()),
                ('rows', models.BigIntegerField(null=True)),
                ('done', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('error', models.TextField(default='')),
                ('started_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'import_run',
                'indexes': [models.Index(fields=['file_sha256'], name='import_run_file'), models.Index(fields=['started_at', 'id'], name='import_run_started')],
            },
        ),
        migrations.CreateModel(
            name='ImportSpan',
            fields=[
                ('first', models.BigIntegerField(primary_key=True, serialize=False)),
                ('last', models.BigIntegerField()),
                ('run', models.UUIDField()),
            ],
            options={
                'db_table': 'import_span',
                'indexes': [models.Index(fields=['run', 'first'], name='import_span_run')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('state', models.TextField(default='waiting')),
                ('recorded_by', models.TextField()),
                ('options', models.JSONField(default=dict)),
                ('same', models.TextField()),
                ('file_name', models.TextField(default='')),
                ('file_size', models.BigIntegerField(null=True)),
                ('file_sha256', models.TextField(default='')),
                ('format', models.TextField(default='')),
                ('run', models.UUIDField(null=True)),
                ('total', models.BigIntegerField(null=True)),
                ('done', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('told', models.JSONField(default=dict)),
                ('error', models.TextField(default='')),
                ('cancel_wanted', models.BooleanField(default=False)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('lease', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('moved_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'job',
                'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'running'))), fields=['asked_at', 'id'], name='job_unfinished'), models.Index(condition=models.Q(('run__isnull', False)), fields=['run'], name='job_run')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('same',), name='job_once')],
            },
        ),
        migrations.CreateModel(
            name='MailPause',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
            options={
                'db_table': 'mail_pause',
                'indexes': [models.Index(fields=['until'], name='mail_pause_until')],
            },
        ),
        migrations.CreateModel(
            name='MailRequest',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address', models.TextField()),
                ('pair', models.TextField()),
                ('threshold', models.FloatField()),
                ('each', models.BooleanField()),
                ('site', models.TextField()),
                ('language', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'mail_request',
            },
        ),
        migrations.CreateModel(
            name='PastClaim',
            fields=[
                ('version', models.IntegerField()),
                ('status', models.TextField()),
                ('collection', models.UUIDField()),
                ('kind', models.TextField()),
                ('code', models.TextField(null=True)),
                ('earliest', models.DateField(null=True)),
                ('latest', models.DateField(null=True)),
                ('actors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('state', models.JSONField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField()),
            ],
            options={
                'db_table': 'past_claim',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['actors'], name='past_claim_actors'), django.contrib.postgres.indexes.GinIndex(fields=['documents'], name='past_claim_documents')],
            },
        ),
        migrations.CreateModel(
            name='PastLink',
            fields=[
                ('version', models.IntegerField()),
                ('type', models.TextField()),
                ('from_claim', models.UUIDField()),
                ('to_claim', models.UUIDField()),
                ('linked', models.BooleanField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField()),
            ],
            options={
                'db_table': 'past_link',
                'indexes': [models.Index(fields=['from_claim'], name='past_link_from'), models.Index(fields=['to_claim'], name='past_link_to')],
            },
        ),
        migrations.CreateModel(
            name='PastRecord',
            fields=[
                ('version', models.IntegerField()),
                ('noun', models.TextField()),
                ('name', models.TextField()),
                ('state', models.JSONField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField()),
            ],
            options={
                'db_table': 'past_record',
                'indexes': [models.Index(fields=['noun', 'name', 'id'], name='past_record_name')],
            },
        ),
        migrations.CreateModel(
            name='ProposedRecord',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('noun', models.TextField()),
                ('name', models.TextField()),
                ('name_key', models.TextField()),
                ('document', models.UUIDField()),
                ('state', models.TextField(default='open')),
                ('record', models.UUIDField(null=True)),
                ('reason', models.TextField(default='')),
                ('proposed_by', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('settled_by', models.TextField(default='')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'proposed_record',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['proposed_at'], name='proposed_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('noun', 'name_key'), name='proposed_once')],
            },
        ),
        migrations.CreateModel(
            name='SealHead',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(default=0)),
                ('alarm', models.TextField(default='')),
                ('alarmed_at', models.DateTimeField(null=True)),
                ('alarmed_by', models.TextField(db_default='', default='')),
                ('went_back', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'db_table': 'seal_head',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='seal_head_one_row')],
            },
        ),
        migrations.CreateModel(
            name='SecondCoding',
            fields=[
                ('claim', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('collection', models.UUIDField()),
                ('coder', models.TextField()),
                ('coded_at', models.DateTimeField()),
                ('first', models.JSONField()),
                ('second', models.JSONField()),
            ],
            options={
                'db_table': 'second_coding',
                'indexes': [models.Index(fields=['collection', 'claim'], name='second_coding_collection')],
            },
        ),
        migrations.CreateModel(
            name='StandingClaim',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('status', models.TextField()),
                ('collection', models.UUIDField()),
                ('kind', models.TextField()),
                ('code', models.TextField(null=True)),
                ('earliest', models.DateField(null=True)),
                ('latest', models.DateField(null=True)),
                ('actors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('state', models.JSONField()),
            ],
            options={
                'db_table': 'standing_claim',
                'indexes': [models.Index(fields=['collection', 'id'], name='standing_claim_collection'), models.Index(models.OrderBy(models.F('latest'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='standing_claim_newest'), django.contrib.postgres.indexes.GinIndex(fields=['actors'], name='standing_claim_actors'), django.contrib.postgres.indexes.GinIndex(fields=['documents'], name='standing_claim_documents'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('sources', []), _negated=True), fields=['sources'], name='standing_claim_chains'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(django.db.models.fields.json.KeyTextTransform('summary', django.db.models.fields.json.KeyTransform('claim', 'state')), config='simple'), name='standing_claim_words'), models.Index(fields=['code', 'id'], name='standing_claim_code'), models.Index(condition=models.Q(('kind', 'act'), _negated=True), fields=['kind', 'id'], name='standing_claim_kind'), models.Index(condition=models.Q(('status', 'standing'), _negated=True), fields=['status', 'id'], name='standing_claim_status'), models.Index(condition=models.Q(('state__has_key', 'verdicts')), fields=['id'], name='standing_claim_judged')],
            },
        ),
        migrations.CreateModel(
            name='StandingLink',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('type', models.TextField()),
                ('from_claim', models.UUIDField()),
                ('to_claim', models.UUIDField()),
                ('linked', models.BooleanField()),
            ],
            options={
                'db_table': 'standing_link',
                'indexes': [models.Index(fields=['from_claim'], name='standing_link_from'), models.Index(fields=['to_claim'], name='standing_link_to')],
            },
        ),
        migrations.CreateModel(
            name='StandingRecord',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('noun', models.TextField()),
                ('name', models.TextField()),
                ('state', models.JSONField()),
            ],
            options={
                'db_table': 'standing_record',
                'indexes': [models.Index(fields=['noun', 'name', 'id'], name='standing_record_name'), django.contrib.postgres.indexes.HashIndex(django.db.models.fields.json.KeyTextTransform('url', django.db.models.fields.json.KeyTransform('document', 'state')), condition=models.Q(('noun', 'document')), name='standing_record_address'), django.contrib.postgres.indexes.HashIndex(django.db.models.fields.json.KeyTextTransform('archive_url', django.db.models.fields.json.KeyTransform('document', 'state')), condition=models.Q(('noun', 'document')), name='standing_record_archived'), models.Index(models.OrderBy(django.db.models.fields.json.KeyTextTransform('date', django.db.models.fields.json.KeyTransform('document', 'state')), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('noun', 'document')), name='standing_record_dated'), models.Index(django.db.models.fields.json.KeyTextTransform('source', django.db.models.fields.json.KeyTransform('document', 'state')), condition=models.Q(('noun', 'document')), name='standing_record_source'), models.Index(django.db.models.fields.json.KeyTextTransform('actor', django.db.models.fields.json.KeyTransform('source', 'state')), condition=models.Q(('noun', 'source')), name='standing_record_speaker'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', config='simple'), condition=models.Q(('noun', 'document')), name='standing_record_words')],
            },
        ),
        migrations.CreateModel(
            name='StoredShift',
            fields=[
                ('pk', models.CompositePrimaryKey('lens', 'lens_version', 'pair', 'seen', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('lens', models.UUIDField()),
                ('lens_version', models.IntegerField()),
                ('pair', models.TextField()),
                ('seen', models.DateField()),
                ('start', models.DateField()),
                ('peak', models.DateField()),
                ('amount', models.FloatField()),
                ('sd', models.FloatField()),
                ('kind', models.TextField(db_default='fast')),
            ],
            options={
                'db_table': 'shift',
                'indexes': [models.Index(fields=['lens', 'lens_version', 'seen', 'pair', 'start'], name='shift_seen')],
            },
        ),
        migrations.CreateModel(
            name='Tray',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('person', models.TextField()),
                ('document', models.UUIDField()),
                ('text_sha256', models.TextField(default='')),
                ('sentences', models.IntegerField(default=0)),
                ('place', models.IntegerField(default=0)),
                ('moved_at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='trays', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'tray',
            },
        ),
        migrations.CreateModel(
            name='TrayCard',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.TextField(default='taken')),
                ('sentence', models.IntegerField()),
                ('draft', models.JSONField()),
                ('version', models.IntegerField(default=1)),
                ('problems', models.JSONField(default=list)),
                ('added_at', models.DateTimeField()),
                ('handed_in', models.JSONField(null=True)),
                ('from_tray', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tracker.tray')),
                ('tray', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='tracker.tray')),
            ],
            options={
                'db_table': 'tray_card',
            },
        ),
        migrations.CreateModel(
            name='WebhookMessage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.UUIDField(unique=True)),
                ('kind', models.TextField()),
                ('news', models.TextField()),
                ('body', models.TextField()),
                ('state', models.TextField(default='waiting')),
                ('attempts', models.IntegerField(default=0)),
                ('status', models.IntegerField(null=True)),
                ('error', models.TextField(default='')),
                ('milliseconds', models.IntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='tracker.webhook')),
            ],
            options={
                'db_table': 'webhook_message',
            },
        ),
        migrations.CreateModel(
            name='Idempotency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.TextField()),
                ('path', models.TextField()),
                ('key', models.TextField()),
                ('body_sha256', models.BinaryField()),
                ('status', models.SmallIntegerField(null=True)),
                ('response', models.TextField(null=True)),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'idempotency',
                'indexes': [models.Index(fields=['created_at'], name='idempotency_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'method', 'path', 'key'), name='idempotency_scope')],
            },
        ),
        migrations.CreateModel(
            name='BatchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField()),
                ('claim', models.UUIDField()),
                ('sent', models.TextField()),
                ('status', models.TextField(default='waiting')),
                ('position', models.BigIntegerField(null=True)),
                ('told', models.JSONField(default=dict)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='tracker.job')),
            ],
            options={
                'db_table': 'batch_row',
                'constraints': [models.UniqueConstraint(fields=('job', 'place'), name='batch_row_place')],
            },
        ),
        migrations.CreateModel(
            name='MailFollow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pair', models.TextField()),
                ('threshold', models.FloatField()),
                ('each', models.BooleanField()),
                ('made_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('since', models.DateField(null=True)),
                ('position', models.BigIntegerField(default=0)),
                ('seen', models.BigIntegerField(default=0)),
                ('seen_day', models.DateField(null=True)),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='tracker.mailreader')),
            ],
            options={
                'db_table': 'mail_follow',
                'indexes': [models.Index(fields=['made_at'], name='mail_follow_age')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at', None)), fields=('reader', 'pair'), name='mail_follow_asked_once'), models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('reader', 'pair'), name='mail_follow_once')],
            },
        ),
        migrations.AddIndex(
            model_name='tray',
            index=models.Index(fields=['document'], name='tray_document'),
        ),
        migrations.AddConstraint(
            model_name='tray',
            constraint=models.UniqueConstraint(fields=('account', 'document'), name='tray_of_account'),
        ),
        migrations.AddIndex(
            model_name='traycard',
            index=models.Index(fields=['tray', 'added_at'], name='tray_card_order'),
        ),
        migrations.AddIndex(
            model_name='traycard',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['tray'], name='tray_card_waiting'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['webhook', 'id'], name='webhook_waiting'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['made_at'], name='webhook_message_age'),
        ),
        migrations.AddConstraint(
            model_name='webhookmessage',
            constraint=models.UniqueConstraint(fields=('webhook', 'news'), name='webhook_message_news'),
        ),
        migrations.RunSQL(
            TRUTH + STORAGE + guards.sql() + guards.comment_on_tables(), migrations.RunSQL.noop
        ),
    ]
