"""The vault: the class Vault, and the same functions on their own."""

from soarkit_app.vault import (
    Vault,
    add_attachment,
    create_attachment,
    get_file_info,
    get_file_path,
    get_meta_by_hash,
    get_vault_file,
    get_vault_tmp_dir,
    vault_add,
    vault_delete,
    vault_info,
)

__all__ = [
    "Vault",
    "add_attachment",
    "create_attachment",
    "get_file_info",
    "get_file_path",
    "get_meta_by_hash",
    "get_vault_file",
    "get_vault_tmp_dir",
    "vault_add",
    "vault_delete",
    "vault_info",
]
