"""The lists of the desk, registered with Django's admin."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.admin import bring, models, secondfactor
from tracker.admin.accounts import AccountAdmin, AccountGroupAdmin, DeskLogin
from tracker.admin.claims import ClaimAdmin
from tracker.admin.imports import JobAdmin
from tracker.admin.lenses import LensAdmin
from tracker.admin.menu import HOME
from tracker.admin.records import ActorAdmin, CollectionAdmin, DocumentAdmin, SourceAdmin
from tracker.admin.webhooks import WebhookAdmin

admin.site.extra_urls = lambda: [  # type: ignore[attr-defined] # unfold's
    *secondfactor.urls(),
    *bring.urls(),
]
admin.site.index_title = HOME
admin.site.login_form = DeskLogin
admin.site.index_template = "desk/index.html"
admin.site.register(models.Claim, ClaimAdmin)
admin.site.register(models.Document, DocumentAdmin)
admin.site.register(models.Source, SourceAdmin)
admin.site.register(models.Actor, ActorAdmin)
admin.site.register(models.Collection, CollectionAdmin)
admin.site.register(models.Lens, LensAdmin)
admin.site.register(models.Job, JobAdmin)
admin.site.register(models.Webhook, WebhookAdmin)
for model, model_admin in ((User, AccountAdmin), (Group, AccountGroupAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)
# Their lists would show secrets and allow setting them for others.
admin.site.unregister((StaticDevice, TOTPDevice))
