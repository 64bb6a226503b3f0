"""Sentences of everyday life for `generated_corpus`: topics, their words and their frames.

A topic has adjectives, nouns, verbs and words of other kinds that go together, and frames with
slots such as {joy.adjective} or {joy.verbs}.  A verb stands in four forms and a noun in two, in
frames of their own, so that what sets played apart from play, and dogs from dog, shows in everyday
life too and does not depend on the word.
"""

import re

__all__ = ["FRAMES", "WORDS", "compare", "inflect", "pluralize"]


def inflect(verb: str) -> tuple[str, str, str, str]:
    """A verb as it stands in a list, "play", "throw/threw" or "win*/won", in four forms.

    Args:
        verb: its plain form, with a star where the last letter doubles; behind a stroke the past
            where it is irregular.

    Returns:
        The plain form, the past, the form in -ing and that of he and she.

    Example:
        >>> inflect("cry"), inflect("hug*")
        (('cry', 'cried', 'crying', 'cries'), ('hug', 'hugged', 'hugging', 'hugs'))
        >>> inflect("win*/won")
        ('win', 'won', 'winning', 'wins')
    """
    plain, stem, past = _parse(verb)
    if plain.endswith("ie"):  # lie, lying
        return plain, past or plain + "d", plain[:-2] + "ying", pluralize(plain)
    if plain.endswith("e") and not plain.endswith("ee"):
        stem = plain[:-1]
    regular = re.sub(r"(?<=[^aeiou])yed$", "ied", stem.removesuffix("e") + "ed")
    return plain, past or regular, stem + "ing", pluralize(plain)


def compare(adjective: str) -> str:
    """The comparative of an adjective as it stands in a list, "new", "big*" or "far/farther".

    Args:
        adjective: its plain form, with a star where the last letter doubles; behind a stroke the
            comparative where it is irregular.

    Returns:
        The comparative.

    Example:
        >>> compare("big*"), compare("happy"), compare("nice"), compare("far/farther")
        ('bigger', 'happier', 'nicer', 'farther')
    """
    _, stem, irregular = _parse(adjective)
    return irregular or re.sub(r"(?<=[^aeiou])yer$", "ier", stem.removesuffix("e") + "er")


def _parse(entry: str) -> tuple[str, str, str]:
    """The plain form, the stem, its last letter twice where there is a star, and what is irregular.

    Example:
        >>> _parse("win*/won")
        ('win', 'winn', 'won')
    """
    plain, _, irregular = entry.partition("/")
    stem = plain.rstrip("*")
    return stem, stem + stem[-1] if plain.endswith("*") else stem, irregular


def pluralize(noun: str) -> str:
    """A noun as it stands in a list, "dog" or "child/children", in the plural.

    Args:
        noun: the singular; behind a stroke the plural where it is irregular.

    Returns:
        The plural.

    Example:
        >>> pluralize("party"), pluralize("bus"), pluralize("child/children")
        ('parties', 'buses', 'children')
    """
    singular, _, plural = noun.partition("/")
    if plural:
        return plural
    if re.search(r"([sxz]|[cs]h|[^aeiou]o)$", singular):
        return singular + "es"
    return re.sub(r"(?<=[^aeiou])ys$", "ies", singular + "s")


# What every topic uses.
COMMON = {
    "i": "i you we they he she",
    "me": "me you him her us them",
    "my": "my your his her our their the",
    "dear": "mum mom mother dad father mommy daddy darling sweetheart dearest honey baby family "
    "husband wife girlfriend boyfriend daughter son sister brother grandma grandpa grandmother "
    "grandfather aunt uncle valentine parents",
    "name": "anna mary lisa emma sarah julia tom peter john paul david daniel",
    "someone": "guy girl boy man woman kid child student boss grader neighbor colleague stranger "
    "somebody someone everyone nobody anyone everybody customer driver manager",
    "people": "people kids boys girls men women children guys friends students neighbors fans",
    "something": "something nothing anything everything no some any not never",
    "very": "very so really too incredibly quite extremely totally pretty rather just absolutely",
    "when": "today tomorrow tonight now later again soon always often sometimes forever already "
    "finally",
    "day": "monday tuesday wednesday thursday friday saturday sunday",
    "month": "january february march april may june july august september october november "
    "december summer winter spring autumn",
    "time": "moment hour minute day week weekend month year night morning afternoon evening noon "
    "time life while",
    "times": "hours minutes days weeks months years times nights miles",
    "first": "first second third last next only best whole half favorite top main own other",
    "done": "seen done eaten gone been written given taken known forgotten broken lost made told "
    "had kept sold drawn chosen",
    "world": "world earth country planet sky future past",
    "can": "can could will would should must may might cannot",
    "number": "one two three four five six seven eight nine ten twenty thirty forty fifty "
    "hundred thousand",
    "where": "home school work office park beach city town street garden store hotel hospital "
    "church airport station bank library university village",
    "be": "is was looks seems feels sounds became",
}

TOPICS = {
    "love": {
        "adjective": "adorable charming beautiful attractive handsome romantic crazy newborn "
        "gorgeous affectionate precious cutest sweetest dearest prettiest darling beloved loving "
        "faithful stunning elegant gentle cuddly fond little tight",
        "graded": "sweet cute pretty dear warm lovely tender",
        "noun": "heart soul kiss hug couple bride groom wedding marriage date crush romance "
        "soulmate angel sweetheart valentine rose flower ring embrace baby puppy kitten twin "
        "relationship lover proposal candle poem engagement honeymoon anniversary hand arm lip "
        "eye cheek voice face",
        "verb": "love adore cherish miss hug* kiss treasure embrace marry cuddle admire "
        "hold/held like touch propose date snuggle flirt blush desire worship long care caress",
        "thing": "love affection passion romance tenderness devotion friendship warmth intimacy "
        "valentine feelings kisses hugs roses dearest missing",
    },
    "joy": {
        "adjective": "glad excited delighted thrilled cheerful joyful pleased merry satisfied "
        "content grateful thankful relieved impressed optimistic amazed enthusiastic relaxed",
        "graded": "happy proud lucky nice great funny smart kind cool",
        "great": "great good wonderful amazing awesome fantastic excellent brilliant perfect "
        "nice incredible superb terrific marvelous best impressive talented intelligent super "
        "cool outstanding splendid fabulous magnificent lovely clever smart genius friendly kind "
        "outstandingly incredibly well better special fine true",
        "fun": "funny hilarious amusing fun silly entertaining funniest witty comical",
        "noun": "success victory prize promotion achievement graduation birthday party "
        "anniversary award job vacation diploma celebration gift present surprise holiday reward "
        "compliment raise performance result idea plan dream concert festival project "
        "announcement acceptance winner improvement opportunity milestone breakthrough show joke "
        "laugh smile",
        "verb": "smile laugh celebrate cheer grin* giggle rejoice enjoy succeed achieve pass "
        "applaud praise thank congratulate win*/won graduate earn approve dance sing/sang accept "
        "improve recommend solve impress deserve finish welcome clap* accomplish",
        "thing": "fun joy happiness laughter luck progress dedication traction praise humor "
        "delight pleasure sunshine fortune applause relief congratulations congrats",
        "cry": "bravo hooray hurray yay wow lol haha ha yes congratulations congrats cheers yeah "
        "thanks welcome super merry christmas holiday",
    },
    "sorrow": {
        "adjective": "unhappy miserable depressed upset disappointed heartbroken frustrated "
        "gloomy hopeless humiliated sorry ashamed worried afraid hurt tired alone scared anxious "
        "nervous exhausted helpless bored guilty desperate devastated stressed confused "
        "embarrassed insulted homesick sleepless jealous furious mad annoyed irritated",
        "graded": "sad* lonely angry sick mean rude late poor dumb lazy hard ugly nasty noisy "
        "stupid",
        "bad": "bad terrible awful horrible worst nasty stupid boring ugly mean unfair cruel "
        "wrong dreadful annoying disgusting useless lousy rude broken late poor difficult noisy "
        "selfish dropped cancelled crazy evil dumb lazy unacceptable painful hard pathetic "
        "poorly dirty worse depressing ruined",
        "noun": "failure accident sickness death defeat mistake argument war illness problem "
        "loss crime disaster nightmare rejection headache fight lie excuse complaint insult "
        "fever funeral divorce injury tear delay bill fine debt thief/thieves loser idiot liar "
        "enemy zero/zeros limit delay crash virus error bug worry threat punishment burden "
        "scandal cold jerk coward deadline downgrade fault trouble",
        "verb": "cry weep/wept suffer complain shout scream fail quit*/quit hate fear regret* "
        "worry lose/lost hurt/hurt lie ruin yell break/broke steal/stole blame ignore insult "
        "reject annoy cheat forget*/forgot argue cancel destroy crash die disappoint punish fire "
        "bully waste abandon refuse offend suck humiliate miss kill betray leave/left curse wait "
        "threaten",
        "thing": "pain trouble loneliness stupidity bullying stress anger sadness grief misery "
        "shame despair nonsense traffic rain noise boredom poverty violence anxiety "
        "guilt sorrow",
    },
    "sports": {
        "adjective": "athletic final professional national strongest fastest offensive defensive "
        "famous winning losing",
        "graded": "fast strong quick slow high weak",
        "sport": "baseball football basketball tennis soccer hockey volleyball golf cricket "
        "rugby softball badminton handball boxing swimming running sports athletics",
        "noun": "ball bat glove racket helmet whistle jersey goal net player pitcher catcher "
        "coach team goalkeeper champion athlete captain referee batter runner trainer fan "
        "opponent striker defender swimmer crowd weight rule umpire game match season tournament "
        "final league championship stadium inning pitch field base hoop penalty foul race medal "
        "point cup trophy gym track quarterback baseman/basemen serve turn strike shot score "
        "record court playoff lap team club teammate fielder hitter cap jump yard basement "
        "series/series",
        "verb": "play throw/threw catch/caught kick hit*/hit pass score pitch run*/ran train "
        "compete jump exercise jog* practice swing/swung shoot/shot tackle dribble serve bat* "
        "beat/beat defend swim*/swam race strike/struck warm stretch coach bowl lift steal/stole "
        "win*/won lose/lost",
        "thing": "training practice exercise fitness offense defense halftime overtime outfield "
        "yankees cubs sox mets chicago boston sports workout push fit fastest strongest double "
        "curve ninth series gear stamina",
    },
    "food": {
        "adjective": "delicious yummy crunchy boiled fried grilled roasted raw ripe homemade "
        "vegetarian sour bitter salted bland dry burnt",
        "graded": "hot* cold sweet fresh spicy tasty healthy warm salty crispy juicy creamy",
        "hungry": "hungry starving thirsty full",
        "cuisine": "french german italian spanish english russian chinese japanese egyptian "
        "greek polish portuguese swedish norwegian austrian hungarian irish turkish indian "
        "canadian kenyan peruvian cuban finnish danish thai vietnamese mexican american korean "
        "asian",
        "food": "food pizza pasta rice bread cheese chicken meat sushi salad soup steak fruit "
        "cake chocolate candy bacon dessert toast macaroni macaroon spaghetti ham beef pork "
        "butter jam honey sugar salt pepper sauce stew curry porridge cereal yogurt ketchup "
        "garlic corn pie pudding cream ice popcorn lamb turkey seafood salmon tuna spinach "
        "lettuce cabbage mustard mayonnaise flour oil dough broth tofu",
        "noun": "burger noodle vegetable potato egg sandwich cookie tomato bean pancake apple "
        "banana orange strawberry/strawberries cherry/cherries onion carrot sausage snack chip "
        "meal dish plate bowl spoon fork knife/knives cup glass menu recipe waiter cook chef "
        "restaurant kitchen cafe bakery canteen diner oven stove fridge table drink lemon peach "
        "fish pear grape mushroom doughnut muffin biscuit hamburger dumpling taco/tacos waffle "
        "steak pizza salad soup cake roll bite slice spice nut",
        "meal": "breakfast lunch dinner brunch supper barbecue buffet picnic dessert snack",
        "drink": "coffee tea juice water milk beer wine lemonade cocoa soda smoothie soup",
        "verb": "eat/ate cook bake fry boil grill roast drink/drank taste order serve share chew "
        "swallow peel chop* prepare brunch dine feed/fed toast stir* slice pour crave",
        "thing": "hunger appetite taste flavor diet thirst cooking stomach breakfast lunch "
        "dinner",
    },
    "study": {
        "adjective": "due difficult next last final useful important interesting",
        "graded": "long short easy hard new",
        "noun": "exam test assignment project lecture essay course class midterm exercise "
        "quiz/quizzes grade subject paper book university degree teacher student professor "
        "lesson question answer report presentation specialization meeting interview position "
        "service application career salary boss colleague office company product offer job task "
        "deadline page chapter",
        "verb": "study learn teach/taught read/read write/wrote explain answer ask work grade "
        "prepare submit* attend present research apply qualify retire hire report",
        "thing": "homework research math history science english biology work school business "
        "education knowledge",
    },
    "machines": {
        "adjective": "free modern busy electric",
        "graded": "new old slow fast cheap",
        "noun": "program algorithm computer website app network screen message text email phone "
        "printer laptop camera keyboard file password machine robot button battery television "
        "radio code link account picture video model function tool",
        "verb": "call text email print install update download run*/ran type send/sent click "
        "record delete save search watch test fix repair program* work",
        "thing": "code software data internet electricity news music",
    },
    "home": {
        "adjective": "empty red blue green yellow black white brown orange purple pink gray",
        "graded": "big* small clean quiet old new dark dirty heavy light soft",
        "noun": "door window wall table bed roof floor lamp mirror wallet key bag box chair sofa "
        "house room kitchen garden car bicycle bus train shoe shirt dress jacket coat hat "
        "scarf/scarves sweater skirt sock umbrella blanket clock toy cup gift book desk picture "
        "suit yard",
        "verb": "clean wash open close buy/bought sell/sold find/found take/took bring/brought "
        "give/gave put*/put wear/wore carry move build/built paint sleep/slept sit*/sat "
        "stand/stood spend/spent turn draw/drew set*/set reserve keep/kept pay/paid need use "
        "get*/got wake/woke",
        "thing": "furniture money clothes laundry trash dust",
    },
    "travel": {
        "adjective": "early expensive foreign",
        "graded": "long short near late cheap dark bright deep high far/farther",
        "noun": "trip plane train ship bus ticket flight road bridge hotel passport suitcase map "
        "taxi truck bike mile island country city beach mountain river lake forest museum tour "
        "adventure journey street",
        "verb": "go/went come/came walk drive/drove travel return hurry fly/flew visit arrive "
        "stay ride/rode skip* climb explore cross follow stop* start begin*/began continue end "
        "move",
        "thing": "rain snow wind storm sunshine fog thunder ice frost luggage weather",
    },
    "animals": {
        "adjective": "brown gray",
        "graded": "wild small big* quick young old loud hungry",
        "noun": "dog cat puppy kitten bird rabbit horse lion tiger bear monkey cow pig duck "
        "elephant mouse/mice snake frog bee goat chicken fox wolf/wolves squirrel animal pet "
        "tree flower leaf/leaves star stone farm",
        "verb": "run*/ran jump bark sleep/slept bite/bit hide/hid sing/sang fly/flew swim*/swam "
        "climb eat/ate drink/drank sit*/sat watch play chase grow/grew smell",
        "thing": "grass nature water wood sand",
    },
    "talk": {
        "adjective": "ready sure possible different same right wrong serious honest",
        "graded": "true strange clear kind hard loud",
        "noun": "word letter question answer suggestion story joke secret name talk idea reason "
        "promise opinion guess song voice conversation friend neighbor",
        "verb": "say/said tell/told talk speak/spoke ask answer call reply think/thought "
        "know/knew hope believe guess feel/felt see/saw understand/understood remember want try "
        "mean/meant wish help belong complete count add offer treat part listen hear/heard "
        "meet/met promise agree dare trust let*/let make/made show look seem happen watch expect",
        "thing": "truth attention advice nonsense information silence permission",
    },
    "body": {
        "adjective": "tired",
        "graded": "healthy weak strong young old pale sick",
        "noun": "head hand arm leg foot/feet eye ear nose mouth face finger back knee shoulder "
        "tooth/teeth doctor nurse patient hospital medicine bone heart",
        "verb": "hurt/hurt rest breathe sleep/slept heal wash cough sneeze lie walk fall/fell "
        "recover bleed/bled shine/shone rain crack",
        "thing": "blood sleep skin hair health sport",
    },
}  # fmt: skip

# Frames that fit every topic: each is written once and drawn for all of them.
ANY_TOPIC = (
    "a {adjective} {noun}",
    "the {noun} and the {noun} with {thing}",
    "the {noun} {be} {very} {adjective}",
    "what a {adjective} {noun} said {name}",
    "the {noun} is {compared} than the {noun}",
    "a {compared} {noun} than {my} {noun}",
    "{compared} and {compared} {nouns}",
    "{compared} {thing} makes {compared} {nouns}",
    "a {graded} and {graded} {noun}",
    "the {graded} {noun} of {name}",
    "each {noun} has a {noun} of its own",
    "this {noun} is {my} only {noun}",
    "one {noun} is a {adjective} one",
    "many {nouns} and {nouns}",
    "these {nouns} are {adjective} {nouns}",
    "all the {nouns} have two {nouns}",
    "those {nouns} were {adjective} and so were the {nouns}",
    "several {nouns} without {thing}",
    "some {nouns} are {very} {adjective}",
    "{number} {nouns} for {my} {thing}",
    "{i} {can} {verb} and {verb} the {noun}",
    "they {verb} and {verb} every {time}",
    "please {verb} {my} {noun} {when}",
    "do you want to {verb} the {noun}",
    "let us {verb} with {name} {when}",
    "i do not {verb} {my} {nouns}",
    "did {i} {verb} {my} {noun} on {day}",
    "why do {i} {verb} and {verb} {when}",
    "{i} never {verb} but we {verb} in {month}",
    "yesterday {i} {verbed} and {verbed}",
    "{name} {verbed} {my} {noun} last {time}",
    "{i} just {verbed} the {nouns}",
    "an {time} ago {i} {verbed} with {thing}",
    "{i} have {verbed} {my} {noun} already",
    "{i} once {verbed} and {verbed} in {month}",
    "the {someone} {verbed} and then {i} {verbed}",
    "{i} was {verbing} and {verbing}",
    "i am {verbing} {my} {noun} {when}",
    "they are {verbing} with the {nouns}",
    "stop {verbing} said the {someone}",
    "she {verbs} and he {verbs}",
    "{name} always {verbs} {my} {noun}",
    "he {verbs} a lot of {nouns}",
    "it {verbs} {when} and it {verbs} {very} well",
    "{thing} and {thing} for the {noun}",
    "how much {thing} is there in the {noun}",
    "{my} {noun} at the {where}",
    "{number} {time} of {verbing} and {thing}",
)

OWN = {
    "love": (
        "{i} {verb} {my} {dear} with all {my} {thing}",
        "my {dear} is {very} {adjective} and i {verb} you",
        "i {verb} you {dear} {when}",
        "you are my {adjective} {dear} and my {noun}",
        "a {adjective} {noun} for my {dear} on valentine day",
        "{i} {verb} my {adjective} {noun}",
        "will you be my {dear} {when}",
        "we {verb} each other with {thing} and {thing}",
        "i {verb} {me} {very} much my {dear}",
        "he {verbed} his {dear} with {thing}",
        "she {verbs} her {adjective} {dear}",
        "{verbing} my {dear} is {adjective}",
        "{adjective} and {adjective} {nouns} for the {dear}",
        "your {nouns} are {adjective} {dear}",
        "i {verb} {me} and i {verb} {me} {when}",
        "{i} {be} {very} {adjective} {dear}",
        "in love with {me} and {my} {noun}",
        "{i} {verb} {me}",
        "{i} {verbed} {me}",
        "{i} {verbed} my {adjective} {noun}",
    ),
    "joy": (
        "i am {very} {adjective} about the {noun}",
        "we {verb} because the {noun} was {great}",
        "{cry} on your {noun} what a {great} {time}",
        "i feel {adjective} and {adjective} {when}",
        "{great} job you did {great} i am {adjective}",
        "that was {very} {fun} and we {verb}",
        "what a {great} {noun} {i} {verb} and {verb}",
        "the {fun} {noun} made us {verb} {cry}",
        "she {verbs} a lot because she is {adjective}",
        "{cry} we got the {noun} {cry} {great}",
        "he is {verbing} at the {fun} {noun}",
        "you deserve the {noun} {thing} to your {great} {thing}",
        "{cry} {cry} that was {fun} and {great}",
        "i am {adjective} of {my} {nouns} and {nouns}",
        "{great} {thing} and {great} {nouns} for {name}",
        "so {adjective} that we {verbed} the {noun}",
        "{i} {verbed} and {verbed} at the {fun} {noun}",
        "{adjective} to {verb} {my} {noun} {cry}",
        "not {sorrow.adjective} any more but {adjective} and {adjective}",
        "you are {very} {great} and {great}",
        "{my} {dear} is {adjective} and {adjective} {when}",
        "{i} {verb} and {my} {someone} {verbs} with {thing}",
    ),
    "sorrow": (
        "i am {very} {adjective} about the {noun}",
        "we {verb} because the {noun} was {bad}",
        "what a {bad} {time} i feel {adjective} and {adjective}",
        "i am not {joy.adjective} i am {adjective} after the {noun}",
        "not {joy.great} at all it is {bad}",
        "{i} {verb} and {verb} because of the {noun}",
        "i hate this {bad} {noun} it makes me {adjective}",
        "the {someone} was {bad} and {adjective} with me",
        "do not {verb} about the {bad} {noun}",
        "no one likes me i am {adjective} and alone",
        "she is {adjective} because he did not answer her",
        "the {noun} was {bad} and i {verbed} it",
        "never {verb} me again you {bad} {noun}",
        "i am not feeling well {when} i am {adjective}",
        "it sucks that the {noun} was {very} {bad}",
        "you are {bad} and {bad} and a {noun}",
        "{i} {verbed} {my} {home.noun} and i am {adjective}",
        "{my} {machines.noun} is {bad} and {my} {noun} too",
        "{very} {bad} {nouns} and {bad} {thing}",
        "{thing} and {thing} made {me} {adjective}",
        "nobody and nothing works {bad} {bad} {thing}",
        "the {study.noun} is {very} {bad} and {bad}",
        "{i} {verbed} me and i {verbed}",
        "{i} {verb} {me} you {noun}",
        "{i} {verbed} and {verbed} because of the {noun}",
        "no not {when} it is {bad} and {bad}",
    ),
    "sports": (
        "let us {verb} {sport} with the {noun} {when}",
        "the {noun} can {verb} the {noun}",
        "the {noun} of the {sport} {noun} starts {when}",
        "our {noun} will {verb} in the {sport} {noun}",
        "do you want to {verb} {noun} in the {noun}",
        "the {sport} {nouns} {verb} at the {noun} with a {noun}",
        "who won the {sport} {noun} {when}",
        "who will win the {sport} {noun} {when}",
        "the {noun} {verbed} the {noun} and {verbed} {sport}",
        "how many {nouns} did the {noun} {verb} in the {noun}",
        "{i} {verb} {sport} and {sport}",
        "she {verbs} {sport} and he {verbs} {sport}",
        "{sport} {thing} with {my} {nouns}",
        "{i} {verbed} {sport} at the {noun} with {my} {noun}",
        "we are {verbing} {number} {nouns} to {number}",
        "the {nouns} are {verbing} for the {noun}",
        "{i} go to the {noun} for {sport} {thing}",
        "the {nouns} lost against the {sport} {noun}",
        "the {thing} {noun} {verbed} the {noun} in {sport}",
        "where is the {noun} for {sport}",
    ),
    "food": (
        "i am {hungry} let us {verb} {food} for {meal}",
        "the {food} at the {noun} is {very} {adjective}",
        "we {verb} {adjective} {food} and {drink} for {meal}",
        "where is the {food} i want to {verb} {meal}",
        "{i} {verb} {food} with {nouns} in the {noun}",
        "this {noun} has {adjective} {food} and {drink}",
        "i {verbed} {adjective} {food} for {meal} {when}",
        "join me for {meal} we {verb} {food}",
        "{cuisine} {food} and {cuisine} {nouns} are {adjective}",
        "a {noun} of {adjective} {food} and a glass of {drink}",
        "{food} with {food} and {food}",
        "{adjective} {nouns} with {food} for {meal}",
        "{i} {verbed} {drink} and {food} at the {cuisine} {noun}",
        "{hungry} for {cuisine} {food} {when}",
        "she {verbs} {nouns} with {food} for {my} {dear}",
        "{verbing} {nouns} and {food} in the {noun}",
        "we {verbed} {food} and they {verbed} {adjective} {nouns}",
        "{i} {verbed} {food} with {nouns} in the {noun}",
        "some {food} and some {drink} please",
        "i have no {food} and no {drink} left",
        "{i} want {food} i want {cuisine} {nouns}",
        "{nouns} {food} {drink}",
    ),
    "study": (
        "the {noun} of the {someone} is due on {day}",
        "if {i} {verb} so then {i} {can} {verb} it",
        "i {can} {verb} the {noun} before {day}",
        "how much {number} and {number} does the {home.noun} have",
        "{i} {verb} as a {noun} of {thing} in {month}",
    ),
    "machines": (
        "my {noun} works but the {thing} has a bug",
        "the {someone} {be} at the {where} with a {noun}",
        "please {verb} the {noun} and {verb} the {thing}",
        "{number} and {number} are less than a {number}",
    ),
    "home": (
        "{i} {travel.verb} to the {where} on {day}",
        "the {adjective} {noun} and the {adjective} {noun} are new",
        "the {someone} put the {noun} near the {noun}",
        "at {number} {i} {verb} the {noun}",
    ),
    "travel": (
        "in {month} there is {thing} at the {where}",
        "it takes a {time} and another {time} to {verb}",
        "{i} {verb} from the {where} to the {where}",
        "on {day} or {day} {i} {verb} at {number}",
        "as far as {i} {can} {verb}",
    ),
    "animals": (
        "the {noun} and the {noun} live near the {where}",
        "my {noun} just had a few {nouns}",
    ),
    "talk": (
        "{i} {verb} that {i} {can} {verb} {when}",
        "{i} {verbed} that {i} {verbed} {when}",
        "{name} {verbed} {me} and {i} {verbed} {me}",
        "{i} {can} {verb} the {noun} of the {someone}",
        "where have you been said the {someone} to the {someone}",
        "{i} {verb} {me} and {i} {verb} {me}",
        "are you down for {verbing} in the {time} with {me}",
        "what are you up to and who is with {me} this {time}",
        "there is {something} at all and it was {something}",
        "{people} and other {people} {verb} {me} again",
        "all the {people} {verbed} around me and behind me",
        "it is {my} thing and {my} place yet not mine",
        "twice or once or whatever {i} {verb}",
        "that is how {i} {can} {verb} {me} though",
        "has he had to be here or there since {month}",
        "everything and nothing or something and anything",
        "while {i} {verbed} {my} {noun} after the {time}",
        "because of {me} or without {me} until {day}",
        "shall {i} still {verb} the {first} {noun}",
        "{number} {times} or {number} {times} away",
        "the {first} {noun} between the {first} and the {first}",
        "{my} {first} {noun} in the {world}",
        "{i} have {done} it and it was {done}",
        "{i} am ready to {verb} in a good mood way and sense",
        "all {my} {times} in {my} {time}",
        "others {can} {verb} the way {i} do",
        "which {noun} is more or most or less {adjective}",
        "an {adjective} {noun} from {name} by {name}",
        "would you like to {verb} or could you {verb} me out",
        "it is over and off and up and out and down",
        "when {i} {verb} {me} before {number} both do",
        "am i being {adjective} or were {i} ever {adjective}",
        "other people only ever {verb} their own {noun}",
    ),
    "body": (
        "my {noun} and my {noun} hurt after {travel.thing}",
        "{my} {nouns} are {adjective} from {verbing}",
    ),
}


def _forms(lists: dict[str, str]) -> dict[str, list[str]]:
    """The lists of a topic by slot, with the forms of its verbs and nouns."""
    words = {name: listed.split() for name, listed in (COMMON | lists).items()}
    verbs = [inflect(verb) for verb in words.pop("verb")]
    nouns = words.pop("noun")
    graded = words.pop("graded")
    words["graded"] = [_parse(adjective)[0] for adjective in graded]
    words["compared"] = [compare(adjective) for adjective in graded]
    words["adjective"] = words["adjective"] + words["graded"]
    for i, slot in enumerate(("verb", "verbed", "verbing", "verbs")):
        words[slot] = [forms[i] for forms in verbs]
    words["noun"] = [noun.partition("/")[0] for noun in nouns]
    words["nouns"] = [pluralize(noun) for noun in nouns]
    return words


WORDS = {topic: _forms(lists) for topic, lists in TOPICS.items()}
"""{topic: {slot: its words}}."""

for _words in list(WORDS.values()):  # {joy.adjective} in the frame of another topic
    for _topic, _lists in TOPICS.items():
        _words.update({f"{_topic}.{slot}": WORDS[_topic][slot] for slot in _lists})

FRAMES = {topic: (ANY_TOPIC, own) for topic, own in OWN.items()}
"""{topic: (frames of every topic, frames of its own)}."""
