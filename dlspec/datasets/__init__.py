"""Every data set of the exercises: the course's files where they are found, generated ones else.

The only place that reads a user's files.

    files               data_folder, find_course_files      course files below DLSPEC_DATA_DIR
    hdf5                read_hdf5                           named arrays, their shapes checked
    photos              read_photo, find_photos             a user's own pictures
    image_folder        load_image_folder, find_images      a user's pictures, a folder per class
    mask_folder         load_mask_folder, write_mask        a user's pictures with masks
    pipelines           batches                             shuffled, augmented, read ahead
    cats                load_cats                           photos of cats, or generated pictures
    generated_cats      make_cats                           pictures of cats and other things
    signs               load_signs                          hands that show 0 to 5
    generated_alpacas   make_alpacas, make_kinds            pictures for transfer learning
    generated_signs     make_signs                          pictures of such hands
    generated_streets   make_street_scenes                  streets with depth, masks and boxes
    happy               load_happy                          happy faces and others
    generated_faces     make_faces, draw_face               pictures of faces
    generated_people    make_people                         several portraits of many people
    generated_birds     make_birds                          city pictures with or without a bird
    generated_corpus    make_corpus, analogy_questions      sentences to learn word vectors from
    generated_emoji     make_emoji_sentences                sentences with an emoji each
    emoji               load_emoji                          such sentences, the course's too
    words               load_words                          word vectors learned from them
    planar              make_flower, make_planar_sets       points in the plane
    circles_and_moons   make_circles, make_moons            points in the plane
    number_words        make_number_words                   numbers in words and in digits
    generated_resumes   make_resumes                        lines of CVs with names marked
    generated_stories   make_stories                        short stories with questions
    football            load_football, make_pitch           the course's pitch, or one like it
    generated_paintings make_painting                       a painting, for its style
    style_pictures      load_style_pictures                 a content and a style picture
    jazz                load_jazz                           the course's solo, or generated ones
    generated_solos     make_solos                          solos over a twelve-bar blues
    midi                read_midi, write_midi               melodies of MIDI files
    note_sounds         render_tracks, swing, write_wav     notes as sound
    dates               make_dates, write_date              days in many spellings
    translator_weights  read_translator_weights             the course's model of dates
    digits              load_digits                         handwritten digits of scikit-learn
    names               load_names                          names of dinosaurs
    text                load_text, load_poems               running text; the course's poem model
    audio               read_audio, read_recording, ...     sound files
    generated_speech    speak, make_spoken_digits           words of a formant synthesiser
    trigger_clips       load_trigger_clips                  recordings of a trigger word and others
"""

from dlspec.datasets.audio import read_audio, read_recording, write_audio
from dlspec.datasets.cats import Cats, load_cats
from dlspec.datasets.circles_and_moons import make_circles, make_moons
from dlspec.datasets.dates import Dates, DateSet, make_dates, tidy_date, write_date
from dlspec.datasets.digits import Digits, load_digits
from dlspec.datasets.emoji import Emoji, load_emoji, read_emoji_csv
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.football import Football, load_football, make_pitch
from dlspec.datasets.generated_alpacas import make_alpacas, make_kinds
from dlspec.datasets.generated_birds import make_birds
from dlspec.datasets.generated_cats import make_cats
from dlspec.datasets.generated_corpus import analogy_questions, held_out_pairs, make_corpus
from dlspec.datasets.generated_emoji import (
    LabelledSentences,
    make_emoji_sentences,
    word_order_pairs,
)
from dlspec.datasets.generated_faces import draw_face, make_faces
from dlspec.datasets.generated_paintings import make_painting
from dlspec.datasets.generated_people import make_people
from dlspec.datasets.generated_resumes import Resume, make_resumes
from dlspec.datasets.generated_signs import make_signs
from dlspec.datasets.generated_solos import Chord, Solo, make_solos
from dlspec.datasets.generated_speech import (
    SpokenDigits,
    Voice,
    draw_voice,
    make_background,
    make_chime,
    make_spoken_digits,
    speak,
)
from dlspec.datasets.generated_stories import Story, make_stories
from dlspec.datasets.generated_streets import StreetScenes, make_street_scenes
from dlspec.datasets.happy import Happy, load_happy
from dlspec.datasets.hdf5 import read_hdf5
from dlspec.datasets.image_folder import (
    ImageFolder,
    find_images,
    load_image_folder,
    read_image,
    split_folder,
)
from dlspec.datasets.jazz import Jazz, load_jazz
from dlspec.datasets.mask_folder import MaskFolder, load_mask_folder, read_mask, write_mask
from dlspec.datasets.midi import Score, Track, read_midi, write_midi
from dlspec.datasets.names import Names, load_names, read_text
from dlspec.datasets.note_sounds import render_tracks, swing, write_wav
from dlspec.datasets.number_words import NumberWords, make_number_words, number_in_words
from dlspec.datasets.photos import PhotoFiles, find_photos, photo_as_input, read_photo
from dlspec.datasets.pipelines import batches
from dlspec.datasets.planar import make_flower, make_planar_sets
from dlspec.datasets.signs import Signs, load_signs
from dlspec.datasets.style_pictures import StylePictures, load_style_pictures
from dlspec.datasets.text import Poems, Text, load_poems, load_text
from dlspec.datasets.translator_weights import TranslatorWeights, read_translator_weights
from dlspec.datasets.trigger_clips import TriggerClips, load_trigger_clips, make_trigger_clips
from dlspec.datasets.words import Words, load_words

__all__ = [
    "Cats",
    "Chord",
    "DateSet",
    "Dates",
    "Digits",
    "Emoji",
    "Football",
    "Happy",
    "ImageFolder",
    "Jazz",
    "LabelledSentences",
    "MaskFolder",
    "Names",
    "NumberWords",
    "PhotoFiles",
    "Poems",
    "Resume",
    "Score",
    "Signs",
    "Solo",
    "SpokenDigits",
    "Story",
    "StreetScenes",
    "StylePictures",
    "Text",
    "Track",
    "TranslatorWeights",
    "TriggerClips",
    "Voice",
    "Words",
    "analogy_questions",
    "batches",
    "data_folder",
    "draw_face",
    "draw_voice",
    "find_course_files",
    "find_images",
    "find_photos",
    "held_out_pairs",
    "load_cats",
    "load_digits",
    "load_emoji",
    "load_football",
    "load_happy",
    "load_image_folder",
    "load_jazz",
    "load_mask_folder",
    "load_names",
    "load_poems",
    "load_signs",
    "load_style_pictures",
    "load_text",
    "load_trigger_clips",
    "load_words",
    "make_alpacas",
    "make_background",
    "make_birds",
    "make_cats",
    "make_chime",
    "make_circles",
    "make_corpus",
    "make_dates",
    "make_emoji_sentences",
    "make_faces",
    "make_flower",
    "make_kinds",
    "make_moons",
    "make_number_words",
    "make_painting",
    "make_people",
    "make_pitch",
    "make_planar_sets",
    "make_resumes",
    "make_signs",
    "make_solos",
    "make_spoken_digits",
    "make_stories",
    "make_street_scenes",
    "make_trigger_clips",
    "number_in_words",
    "photo_as_input",
    "read_audio",
    "read_emoji_csv",
    "read_hdf5",
    "read_image",
    "read_mask",
    "read_midi",
    "read_photo",
    "read_recording",
    "read_text",
    "read_translator_weights",
    "render_tracks",
    "speak",
    "split_folder",
    "swing",
    "tidy_date",
    "word_order_pairs",
    "write_audio",
    "write_date",
    "write_mask",
    "write_midi",
    "write_wav",
]
