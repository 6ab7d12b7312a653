"""The acts on one product of a sample year, each through the door that the law gives it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid5

from cli.demo import office
from cli.demo.office import Office
from cli.demo.plan import NAMESPACE, Fate, Plan, Product
from cli.demo.sheets import sheet
from regulation import packs
from regulation.packs import Pack


class Acts:
    """What the offices of a sample year do."""

    def __init__(self, plan: Plan, desk: Office) -> None:
        self._plan = plan
        self._desk = desk
        self._files: dict[str, str] = {}

    @property
    def pack(self) -> Pack:
        """The rule pack in force when the year's dossiers are filed."""
        return packs.in_force(self._plan.calendar["submit"])

    def levels(self, product: Product) -> tuple[str, ...]:
        """The councils that see a product: the first one all, the next only what is certified above the first."""
        first, *above = self.pack.councils
        star = product.final_star if product.fate is Fate.BELOW else product.star
        higher = self.pack.authority(star) not in (None, first)
        return (first, *above) if higher else (first,)

    def import_targets(self, _: None = None) -> None:
        """The yearly plan, as the province adopted it."""
        rows = [
            {"area": target.area, "stars": {str(star): n for star, n in target.stars.items()}}
            for target in self._plan.targets
        ]
        self._desk.act(
            "PUT",
            f"/reporting/targets/{self._plan.year}",
            office.ocop_officer(self._plan.province),
            {"source": self._plan.source, "rows": rows},
        )

    def idea(self, product: Product) -> None:
        """A producer registers, proposes an idea, and the agency selects it."""
        commune = office.commune_officer(product.place.commune)
        subject, idea = product.id("subject"), product.id("idea")
        self._desk.act(
            "PUT",
            f"/registration/subjects/{subject}",
            commune,
            {
                "kind": "cooperative",
                "legal_name": product.producer,
                "public_name": product.producer,
                "representative": "Người đại diện mẫu",
                "commune": product.place.commune,
                "on": self._plan.on("subject"),
            },
        )
        self._desk.act(
            "PUT",
            f"/registration/ideas/{idea}",
            commune,
            {"subject_id": str(subject), "title": product.name, "on": self._plan.on("idea")},
        )
        self._desk.act(
            "POST",
            f"/registration/ideas/{idea}/select",
            office.ocop_officer(product.place.district or product.place.province),
            {"year": self._plan.year, "on": self._plan.on("select")},
        )

    def dossier(self, product: Product) -> None:
        """The dossier is opened, scored by its producer, filled with what the pack and the ticks need, and filed."""
        commune = office.commune_officer(product.place.commune)
        path = f"/registration/dossiers/{product.id('dossier')}"
        self._desk.act(
            "PUT",
            path,
            commune,
            {
                "subject_id": str(product.id("subject")),
                "idea_id": str(product.id("idea")),
                "product_name": product.name,
                "criteria_set": product.criteria_set,
                "on": self._plan.on("open"),
            },
        )
        choices = sheet(self.pack.criteria_set(product.criteria_set), product.star, 0)
        scored = self._desk.act("PUT", f"{path}/self-assessment", commune, {"choices": choices})
        proof = [each["component"] for each in scored["evidence_wanted"]]
        self._bring(product, path, {*scored["missing"], *proof})
        self._desk.act("POST", f"{path}/submit", commune, {"on": self._plan.on("submit")})

    def _bring(self, product: Product, path: str, codes: Collection[str]) -> None:
        commune = office.commune_officer(product.place.commune)
        asked = [component for component in self.pack.components if component.code in codes]
        if any(component.is_samples for component in asked):
            self._desk.act("PUT", f"{path}/samples", commune, {"count": 5})
        papers = {each.code: [self._file(each.code)] for each in asked if not each.is_samples}
        self._desk.act("PUT", f"{path}/components", commune, {"components": papers})

    def _file(self, code: str) -> str:
        """One sample paper per component, uploaded once."""
        if code not in self._files:
            content = f"%PDF-1.4\n% sample paper {code}\n%%EOF\n".encode()
            who = office.commune_officer(self._plan.products[0].place.commune)
            self._files[code] = self._desk.upload(who, f"{code}.pdf", content)
        return self._files[code]

    def commune(self, product: Product) -> None:
        """The commune verifies, returns, or sees the dossier withdrawn."""
        commune = office.commune_officer(product.place.commune)
        path = f"/registration/dossiers/{product.id('dossier')}"
        if product.fate is Fate.WITHDRAWN:
            self._desk.act("POST", f"{path}/withdraw", commune, {"on": self._plan.on("withdraw")})
            return
        day = self._plan.on("commune")
        if product.fate in (Fate.RETURNED, Fate.MENDED):
            missing = [self.pack.commune_topics[0]]
            self._desk.act("POST", f"{path}/return", commune, {"missing": missing, "on": day})
        if product.fate is Fate.RETURNED:
            return
        if product.fate is Fate.MENDED:
            self._desk.act("POST", f"{path}/submit", commune, {"on": day}, key="again")
        findings = [
            {"topic": topic, "met": True, "share": "75.00" if topic.endswith("al") else None}
            for topic in self.pack.commune_topics
        ]
        letter = f"{product.number}/UBND-{self._plan.year}"
        self._desk.act(
            "POST",
            f"{path}/verify",
            commune,
            {"findings": findings, "request_letter": letter, "on": day},
        )

    def set_up(self, level: str, area: str) -> UUID:
        """A council with its members and a round; the round's id."""
        council = uuid5(NAMESPACE, f"{self._plan.name}/council/{area}")
        round_id = uuid5(NAMESPACE, f"{self._plan.name}/round/{area}")
        secretary = office.secretary(area)
        members = [
            {
                "id": office.member(area, number).id,
                "role": "chair" if number == 0 else "member",
                "agency": f"Cơ quan mẫu {number + 1}",
            }
            for number in range(self._plan.members[level])
        ]
        day = self._plan.calendar[f"{level}-council"]
        self._desk.act(
            "PUT",
            f"/evaluation/councils/{council}",
            secretary,
            {
                "level": level,
                "area": area,
                "valid_from": f"{self._plan.year}-01-01",
                "valid_to": f"{self._plan.year}-12-31",
                "members": members,
            },
        )
        self._desk.act(
            "PUT",
            f"/evaluation/rounds/{round_id}",
            secretary,
            {
                "council_id": str(council),
                "name": f"Đợt 1 năm {self._plan.year} (mẫu)",
                "year": self._plan.year,
                "number": 1,
                "starts_on": day.isoformat(),
                "ends_on": (day + timedelta(days=20)).isoformat(),
            },
        )
        return round_id

    def score(self, level: str, area: str, round_id: UUID, product: Product) -> None:
        """One dossier before one council: admitted, declared, scored, concluded."""
        secretary, day = office.secretary(area), self._plan.on(f"{level}-council")
        found = self._desk.read(
            f"/evaluation/assessments/of-dossier/{product.id('dossier')}", secretary
        )
        assessment = next(each for each in found if each["level"] == level)
        path = f"/evaluation/assessments/{assessment['id']}"
        self._desk.act("POST", f"{path}/admit", secretary, {"round_id": str(round_id), "on": day})
        last = level == self.levels(product)[-1]
        star = product.final_star if last else product.star
        criteria = self.pack.criteria_set(product.criteria_set)
        for number in range(self._plan.members[level]):
            member = office.member(area, number)
            self._desk.act("POST", f"{path}/declarations", member, {"conflict": False})
            choices = sheet(criteria, star, number)
            self._desk.act("PUT", f"{path}/sheet", member, {"choices": choices})
            self._desk.act("POST", f"{path}/sheet/submit", member)
        self._desk.act("POST", f"{path}/conclude", secretary, {"on": day})

    def national(self, product: Product) -> None:
        """Referred to the ministry, whose result comes back for all but the one that waits."""
        province = office.authority(product.place.province)
        path = f"/certification/cases/{product.id('dossier')}"
        number = f"{product.number}/QĐ-UBND-{self._plan.year}"
        self._desk.act(
            "POST",
            f"{path}/refer",
            province,
            {"decision_number": number, "on": self._plan.on("refer")},
        )
        if product.fate is not Fate.CERTIFIED:
            return
        self._desk.act(
            "POST",
            f"{path}/national-result",
            province,
            {
                "mean": "92.5",
                "star": 5,
                "document": f"Biên bản mẫu {product.number}",
                "decision_number": f"{product.number}/QĐ-B-{self._plan.year}",
                "on": self._plan.on("national-result"),
            },
        )

    def list_product(self, product: Product) -> None:
        """Into the public catalogue."""
        area = product.place.district or product.place.province
        self._desk.act(
            "POST",
            f"/promotion/listings/{product.id('dossier')}/list",
            office.ocop_officer(area),
            {"on": self._plan.on("list")},
        )
