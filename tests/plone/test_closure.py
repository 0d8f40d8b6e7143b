"""What stock Plone would let a creator do to a document in a final state, nobody may do here (findings 1 and 2)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import get_args

import msgspec
import pytest
from AccessControl import getSecurityManager
from AccessControl.SecurityManagement import newSecurityManager, setSecurityManager
from AccessControl.users import system
from OFS.CopySupport import CopyError
from zExceptions import Forbidden

from tests.unit.cms.samples import document, draft
from tillid.cms.accounts import put_account
from tillid.cms.content import HOUSE_ID
from tillid.cms.install import closed_permissions
from tillid.documents.model import State

# As the findings name them, plus what reads and what changes.
PERMISSIONS = """View|Access contents information|Modify portal content|CMFEditions: Revert to previous versions
CMFEditions: Apply version control|CMFEditions: Save new version|CMFEditions: Access previous versions|Delete objects
Manage properties|Sharing page: Delegate roles|Change local roles|WebDAV Lock items|WebDAV Unlock items|Copy or Move
View management screens|Add portal content|Undo changes|WebDAV access|Take ownership|Review portal content""".replace(
    "\n", "|"
).split("|")
ROLES = ("Owner", "Editor", "Contributor", "Reviewer", "Site Administrator", "Manager")


@contextmanager
def as_user(site, name, roles=()):
    before = getSecurityManager()
    put_account(site, name, "et langt kodeord", roles)
    newSecurityManager(None, site.acl_users.getUserById(name))
    try:
        yield
    finally:
        setSecurityManager(before)


@contextmanager
def as_system():
    before = getSecurityManager()
    newSecurityManager(None, system)
    try:
        yield
    finally:
        setSecurityManager(before)


@pytest.fixture
def content(store):
    one = document()
    store.stores.documents.add(one, draft(one))
    found = store.site[HOUSE_ID][one.id]
    found.manage_setLocalRoles("opretter", list(ROLES))
    return found


@pytest.mark.parametrize("state", get_args(State))
def test_its_creator_with_every_local_role_may_do_nothing_in_any_state(store, content, state):
    documents = store.stores.documents
    documents.replace(msgspec.structs.replace(documents.get(content.id), state=state))
    assert set(PERMISSIONS) <= set(closed_permissions(store.site))
    with as_user(store.site, "opretter"):
        user = getSecurityManager().getUser()
        assert set(ROLES) <= set(user.getRolesInContext(content))
        allowed = [one for one in PERMISSIONS if getSecurityManager().checkPermission(one, content)]
    assert allowed == []


@pytest.mark.parametrize("state", get_args(State))
def test_access_contents_information_is_within_view_in_every_state(store, content, state):
    """The catalog filters on the first, pages ask for the second (finding 8)."""
    documents = store.stores.documents
    documents.replace(msgspec.structs.replace(documents.get(content.id), state=state))
    seen, listed = (
        {role["name"] for role in content.rolesOfPermission(name) if role["selected"]}
        for name in ("View", "Access contents information")
    )
    assert listed <= seen


def test_the_house_is_closed_for_members_and_only_shown_to_the_administrator(store):
    house = store.site[HOUSE_ID]
    with as_user(store.site, "medlem", ("Editor", "Contributor", "Site Administrator")):
        assert [one for one in PERMISSIONS if getSecurityManager().checkPermission(one, house)] == []
    with as_user(store.site, "tekniker", ("Manager",)):
        allowed = {one for one in PERMISSIONS if getSecurityManager().checkPermission(one, house)}
    assert allowed == {"View", "Access contents information"}


def test_nothing_is_removed_at_any_depth_even_with_all_rights(store, content):
    """Who passes every permission check, and code that asks for none, is held by the veto."""
    for folder, name in _levels(store, content):
        with as_system():
            with pytest.raises(Forbidden):
                folder.manage_delObjects([name])
            with pytest.raises(Forbidden):
                folder._delObject(name)
        assert name in folder.objectIds()


def test_nothing_is_renamed_or_cut(store, content):
    for folder, name in _levels(store, content)[:2]:
        with as_system():
            with pytest.raises((Forbidden, CopyError, ValueError)):
                folder.manage_renameObject(name, "noget-andet")
            with pytest.raises((Forbidden, CopyError, ValueError)):
                store.site.manage_pasteObjects(folder.manage_cutObjects([name]))
        assert name in folder.objectIds()


def _levels(store, content):
    """The document in the house, the house on the site, the site in the root."""
    return ((store.site[HOUSE_ID], content.id), (store.site, HOUSE_ID), (store.site.aq_parent, store.site.id))


def test_there_is_no_transition_and_no_version_to_revert_to(store, content):
    workflow = store.site.portal_workflow
    assert not workflow.getTransitionsFor(content)
    assert not store.site.portal_repository.isVersionable(content)


def test_nobody_undoes_transactions(store):
    assert [role for role in store.site.rolesOfPermission("Undo changes") if role["selected"]] == []
    assert not store.site.acquiredRolesAreUsedBy("Undo changes")


def test_webdav_is_for_the_manager_only(store):
    roles = {role["name"] for role in store.site.rolesOfPermission("WebDAV access") if role["selected"]}
    assert roles == {"Manager"}
    assert not store.site.acquiredRolesAreUsedBy("WebDAV access")
