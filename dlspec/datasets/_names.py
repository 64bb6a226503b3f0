"""Names that generated texts are filled with: for each kind some to learn from and some for tests.

A third source are made-up names, put together from syllables: there is no end of them, so that a
network cannot learn them by heart and has to read what stands around.

Cities, surnames, employers and skills share words here and there (Austin, Jackson, Baker, Swift),
as they do in life: only the sentence tells which is meant.
"""

from typing import NamedTuple

import numpy as np


class Pool(NamedTuple):
    """Words of one kind."""

    known: tuple[str, ...]
    new: tuple[str, ...]

    def of(self, new: bool) -> tuple[str, ...]:
        """Those for tests, or those to learn from."""
        return self.new if new else self.known


class Draw(NamedTuple):
    """How names are drawn: the generator, whether those for tests, and what share is made up."""

    random: np.random.Generator
    new: bool
    made_up: float

    def one(self, words: tuple[str, ...]) -> str:
        """One of some words."""
        return words[self.random.integers(len(words))]

    def name(self, pool: Pool) -> str:
        """A name of a pool, or a made-up one of as many words, small or capital letters alike."""
        name = self.one(pool.of(self.new))
        if not self.made_up or self.random.random() >= self.made_up:
            return name
        invented = [(self.invent(), word) for word in name.split()]
        return " ".join(new.lower() if word.islower() else new for new, word in invented)

    def names(self, pool: Pool, count: int) -> list[str]:
        """Different names."""
        drawn = {}
        while len(drawn) < count:
            drawn[self.name(pool)] = True
        return list(drawn)

    def invent(self) -> str:
        """One or two syllables, such as "Trevon"."""
        syllables = [
            self.one(ONSETS) + self.one(VOWELS) + self.one(CODAS)
            for _ in range(1 + (self.random.random() < 0.7))
        ]
        return "".join(syllables).capitalize()


CONSONANTS = ("b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w")
ONSETS = (*CONSONANTS, "br", "ch", "dr", "gr", "kl", "pr", "qu", "sh", "st", "tr", "y", "z")
VOWELS = ("a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ea", "ia", "ou")
CODAS = ("", "", "", "n", "r", "l", "s", "m", "t", "ck", "nd", "rt", "x")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


def _pool(known: str, new: str) -> Pool:
    return Pool(_words(known), _words(new))


FIRST = _pool(
    "Ada Alan Amara Anna Austin Bela Boris Carla Chen Clara David Diego Elena Emma Eric Fatima "
    "Felix Florence George Grace Hanna Hugo Ines Ivan Jackson James Jonas Julia Karim Kenji Laura "
    "Leo Lin Lucas Madison Maria Mei Milan Mira Nadia Nina Noah Olga Omar Oscar Paul Petra Priya "
    "Rahul Rosa Sara Simon Sofia Tariq Tom Uma Vera Victor Wei Yara Zoe",
    "Abel Akira Alma Astrid Basil Bruno Celia Cyrus Dina Edgar Esther Farid Gwen Harald Imani "
    "Irene Jorge Kamal Lena Lincoln Magnus Noor Otto Paloma Quinn Ravi Selma Sydney Tessa Ursula "
    "Viola Wanda Xavier Yusuf Zelda",
)
LAST = _pool(
    "Adler Austin Baker Barros Becker Bell Bianchi Brown Carter Castro Chan Cook Costa Diaz Dubois "
    "Evans Fischer Fox Garcia Green Gupta Hall Hansen Ito Jackson Jensen Khan Kim King Kovac "
    "Kumar Lee Lopez Marin Mason Meyer Moreau Novak Olsen Park Patel Porter Reed Rossi Santos Sato "
    "Silva Singh Smith Stone Swift Tanaka Turner Wagner Walker Weber White Wood Young",
    "Aydin Bakshi Barber Blum Brandt Calloway Cooper Dahl Eriksen Farrow Gardner Haddad Holm "
    "Iyer Jarvis Keller Lindqvist Lincoln Madaki Nolan Okafor Petrov Quigley Ramos Sawyer Sydney "
    "Thorne Udo Vance Whitlock Yilmaz Zoric",
)
CITY = _pool(
    "Amsterdam Athens Austin Berlin Bogota Boston Bristol Cairo Chicago Delhi Denver Dublin "
    "Florence Geneva Hamburg Houston Jackson Kyoto Lagos Lima Lisbon London Lyon Madison Madrid "
    "Milan Mumbai Munich Nairobi Osaka Oslo Paris Phoenix Prague Rome Seattle Seoul Toronto Turin "
    "Vienna Warsaw New_York San_Diego Cape_Town Hong_Kong",
    "Antwerp Bergen Brno Calgary Cork Dresden Durban Gdansk Ghent Graz Halifax Lincoln Malaga "
    "Montreal Nantes Oaxaca Perth Pune Quito Riga Sydney Tampere Utrecht Zagreb Zurich "
    "Port_Louis Santa_Cruz",
)
EMPLOYER = _pool(
    "Acorn Apex Atlas Aurora Beacon Bluebird Cedar Cobalt Comet Delta Ember Falcon Granite Harbor "
    "Helix Horizon Indigo Jasper Lumen Maple Meridian Nimbus Northwind Orion Pinnacle Quartz Raven "
    "Sierra Summit Swift Titan Vertex Willow Zenith",
    "Albatross Amber Bramble Cascade Corvus Driftwood Everglen Fathom Glacier Halcyon Ironbark "
    "Juniper Kestrel Larkspur Monarch Nettle Obsidian Palisade Redstone Solstice Tamarind Umbra",
)
BUSINESS = _words(
    "Analytics Bank Consulting Foods Group Insurance Labs Logistics Media Motors Partners "
    "Software Systems Technologies Airways Capital Energy Health Robotics Studios Textiles "
    "Ventures"
)
SKILL = _pool(
    "Python Java SQL Excel Docker Linux Git Tableau Photoshop Spark Kafka Hadoop Rust Swift Go "
    "Ruby Perl Matlab TensorFlow Keras NumPy React Angular Django Scala Kotlin PowerPoint Figma "
    "AutoCAD Salesforce Jira machine_learning project_management public_speaking data_analysis "
    "accounting statistics negotiation French German Spanish",
    "Julia Haskell Fortran MongoDB Redis Airflow Blender InDesign Ansible Terraform Elixir Groovy "
    "Svelte PyTorch Stata Looker Simulink quality_control financial_modelling computer_vision "
    "copywriting bookkeeping Dutch Arabic Polish",
)
FIELD = _words(
    "Physics Mathematics Economics Chemistry Biology History Law Statistics Finance Marketing "
    "Computer_Science Electrical_Engineering Data_Science Civil_Engineering Geology "
    "Linguistics Philosophy Astronomy Architecture Nursing Information_Systems "
    "Mechanical_Engineering"
)
AREA = _words(
    "data software sales product marketing finance security network research design project "
    "quality cloud supply platform legal process payroll machine_learning"
)
ROLE = _words(
    "engineer analyst manager consultant developer assistant director specialist accountant "
    "scientist baker cook designer architect coordinator officer strategist administrator "
    "technician gardener"
)
THING = _pool(
    "ball apple book key lamp milk box letter coat map cup hat bag rope shoe bottle pencil watch "
    "ring towel",
    "violin basket candle ticket scarf hammer mirror plate drum flag lantern saddle spoon brush",
)
ROOM = _pool(
    "kitchen garden office bathroom hallway bedroom park school library station garage market "
    "museum church bakery hospital airport beach forest cinema attic hotel stable theatre harbour "
    "tower bridge river shop farm",
    "cellar balcony pool dock studio lobby canteen meadow tavern abbey camp vault pier barn mill "
    "court arena ranch",
)
