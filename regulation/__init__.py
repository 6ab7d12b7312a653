"""What the law says: sealed rule packs of the OCOP programme, and pure functions over them.

Four decisions of the Prime Minister follow one another: 1048/2019, 148/2023, 1489/2025 and
26/2026. Each is one pack under `packs/`; a dossier is judged by the pack it was filed under.
No clock, no random, no logging, no floats; nothing of ours is imported here.

Reading order: `text` `refusals` · `criteria` (the shape of a score sheet) · `decision` (the shape
of a pack) · `packs` (the shelf) · `rating` · `procedure` · `numbering` · `calendar` · `territory`
· `acting` (who may act where) · `seal` · `check` (`against` a folder of `source_data`).
"""
