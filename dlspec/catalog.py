"""The one table of exercises: what there is, where it is, what it teaches, what data it reads.

`dlspec list` answers from here, in little more time than Python needs to start: nothing is imported
above but what Python has in memory by then (no pathlib, no typing).
"""

import os
from collections import namedtuple

from dlspec._complaints import InvalidValue, near_miss, sentence

__all__ = [
    "COURSES",
    "DATA_FILES",
    "EXERCISES",
    "Exercise",
    "find",
    "graded_functions",
    "of_course",
]

COURSES = {
    "nn_basics": "1  Neural Networks and Deep Learning",
    "optimization": "2  Improving Deep Neural Networks",
    "strategy": "3  Structuring Machine Learning Projects",
    "cnn": "4  Convolutional Neural Networks",
    "sequence": "5  Sequence Models",
}

DATA_FILES = {
    "train_catvnoncat.h5": "209 photos 64x64, cat or not",
    "test_catvnoncat.h5": "50 photos 64x64, cat or not",
    "data.mat": "211 + 200 points on a football pitch",
    "train_signs.h5": "1080 photos 64x64, hands showing 0 to 5",
    "test_signs.h5": "120 photos 64x64, hands showing 0 to 5",
    "train_happy.h5": "600 photos 64x64, faces that smile or do not",
    "test_happy.h5": "150 photos 64x64, faces that smile or do not",
    "coco_classes.txt": "names of the 80 classes of YOLOv2",
    "yolo_anchors.txt": "widths and heights of the 5 anchors of YOLOv2, in cells",
    "louvre_small.jpg": "photo 400x300, the content of a style transfer",
    "monet.jpg": "painting 400x300, its style",
    "dinos.txt": "1536 names of dinosaurs",
    "shakespeare.txt": "sonnets",
    "model_shakespeare_kiank_350_epoch.h5": "the poem model, trained on the sonnets",
    "train_emoji.csv": "132 sentences, each with the number of its emoji",
    "tesss.csv": "56 sentences to test with",
    "glove.6B.50d.txt": "GloVe's vectors of 400,000 words, 50 numbers each",
    "original_metheny.mid": "the piece whose guitar solo the jazz exercise learns from",
    "chime.wav": "a chime, beside activates/, negatives/ and backgrounds/",
    "trigger_word_model.h5": 'weights of a network that hears "activate"',
}
"""The course files that loaders look for, by name, and what each holds."""


class Exercise(
    namedtuple("Exercise", "number course name title teaches graded data", defaults=[()])
):
    """One exercise, or one lecture module with a script of its own.

    Attributes:
        number: as the course counts, c<course>w<week>a<assignment>; x for one that is ours.
        course: subpackage.
        name: stem of module, script and test.
        title: one line.
        teaches: a few sentences.
        graded: the functions that the course grades, in its order.
        data: course files that it reads; generated data stands in for them.
    """

    __slots__ = ()

    @property
    def path(self) -> str:
        """`course/name`, unique."""
        return f"{self.course}/{self.name}"

    @property
    def module(self) -> str:
        """Name to import."""
        return f"dlspec.{self.course}.{self.name}"

    @property
    def module_file(self) -> str:
        """Path of the module's source."""
        return os.path.join(_PACKAGE, self.course, f"{self.name}.py")

    @property
    def script(self) -> str:
        """Path of the script: inside the package when installed, beside it in a checkout."""
        below = os.path.join("assignments", self.course, f"{self.name}.py")
        inside = os.path.join(_PACKAGE, below)
        return inside if os.path.isfile(inside) else os.path.join(os.path.dirname(_PACKAGE), below)

    @property
    def folder(self) -> str:
        """Name of its folder below runs/: the name, with the course if another shares it."""
        shared = [e for e in EXERCISES if e.name == self.name]
        return self.name if len(shared) == 1 else f"{self.course}_{self.name}"


_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CATS = ("train_catvnoncat.h5", "test_catvnoncat.h5")
_SIGNS = ("train_signs.h5", "test_signs.h5")
_POEMS = ("shakespeare.txt", "model_shakespeare_kiank_350_epoch.h5")
_HAPPY = ("train_happy.h5", "test_happy.h5")

EXERCISES = (
    Exercise(
        "c1w2a1",
        "nn_basics",
        "numpy_basics",
        "Python basics with NumPy",
        "Activations and their slopes, unrolling an image, normalising rows, softmax, two losses; "
        "and how much faster one matrix product is than the loops it replaces.",
        (
            "basic_sigmoid",
            "sigmoid",
            "sigmoid_derivative",
            "image2vector",
            "normalize_rows",
            "softmax",
            "L1",
            "L2",
        ),
    ),
    Exercise(
        "c1w2a2",
        "nn_basics",
        "logistic_regression",
        "Logistic regression as a cat classifier",
        "One neuron trained by gradient descent on photos: forward, cost, backward, update. What "
        "the learning rate does, what the weights look like, and where one neuron ends.",
        ("sigmoid", "initialize_with_zeros", "propagate", "optimize", "predict", "model"),
        _CATS,
    ),
    Exercise(
        "c1w3a1",
        "nn_basics",
        "planar_classification",
        "Planar data classification with one hidden layer",
        "Why a hidden layer: a flower that logistic regression cannot separate and four tanh units "
        "can; what more units do, on five data sets.",
        (
            "layer_sizes",
            "initialize_parameters",
            "forward_propagation",
            "compute_cost",
            "backward_propagation",
            "update_parameters",
            "nn_model",
            "predict",
        ),
    ),
    Exercise(
        "c1w4a1",
        "nn_basics",
        "deep_network",
        "Building a deep network, step by step",
        "Forward and backward through any number of layers, each step with its cache; every "
        "gradient held against numerical ones; five activations and a softmax output.",
        (
            "initialize_parameters",
            "initialize_parameters_deep",
            "linear_forward",
            "linear_activation_forward",
            "L_model_forward",
            "compute_cost",
            "linear_backward",
            "linear_activation_backward",
            "L_model_backward",
            "update_parameters",
        ),
    ),
    Exercise(
        "c1w4a2",
        "nn_basics",
        "image_classification",
        "Deep networks for image classification",
        "Two layers and four layers on the cats that logistic regression struggled with, and which "
        "pictures still fool them.",
        ("two_layer_model", "L_layer_model", "predict"),
        _CATS,
    ),
    Exercise(
        "c1x1",
        "nn_basics",
        "models",
        "The same networks in Keras",
        "The NumPy networks and their Keras twins with the same weights give the same numbers; "
        "then a small convolutional network on the cats, for what comes in course 4.",
        ("LogisticRegression", "ShallowNetwork", "DeepNetwork"),
        _CATS,
    ),
    Exercise(
        "c2w1a1",
        "optimization",
        "initialization",
        "Initialization",
        "Where gradient descent starts: zeros never break the symmetry, large weights saturate, "
        "He's keep the signal alive through ReLU; on two noisy circles.",
        (
            "initialize_parameters_zeros",
            "initialize_parameters_random",
            "initialize_parameters_he",
            "model",
        ),
    ),
    Exercise(
        "c2w1a2",
        "optimization",
        "regularization",
        "Regularization",
        "A network that overfits a football pitch, and what L2, dropout, early stopping and "
        "averaging several networks give back.",
        (
            "compute_cost_with_regularization",
            "backward_propagation_with_regularization",
            "forward_propagation_with_dropout",
            "backward_propagation_with_dropout",
            "model",
        ),
        ("data.mat",),
    ),
    Exercise(
        "c2w1a3",
        "optimization",
        "gradient_checking",
        "Gradient checking",
        "Holding a backward pass against two-sided differences, and finding which parameter is "
        "wrong.",
        (
            "forward_propagation",
            "backward_propagation",
            "gradient_check",
            "forward_propagation_n",
            "backward_propagation_n",
            "gradient_check_n",
            "dictionary_to_vector",
            "vector_to_dictionary",
            "gradients_to_vector",
        ),
    ),
    Exercise(
        "c2w2a1",
        "optimization",
        "optimization_methods",
        "Optimization methods",
        "Mini-batches, momentum, RMSprop and Adam on two half moons, with and without a falling "
        "learning rate.",
        (
            "update_parameters_with_gd",
            "random_mini_batches",
            "initialize_velocity",
            "update_parameters_with_momentum",
            "initialize_adam",
            "update_parameters_with_adam",
            "update_lr",
            "schedule_lr_decay",
            "model",
        ),
    ),
    Exercise(
        "c2w3a1",
        "optimization",
        "tensorflow_introduction",
        "Introduction to TensorFlow",
        "Gradients from a tape instead of by hand: three layers and Adam read hand signs, and a "
        "small convolutional network reads them better.",
        (
            "linear_function",
            "sigmoid",
            "one_hot_matrix",
            "initialize_parameters",
            "forward_propagation",
            "compute_total_loss",
            "model",
        ),
        _SIGNS,
    ),
    Exercise(
        "c2x1",
        "optimization",
        "batch_normalization",
        "Batch normalisation by hand",
        "A deep network on handwritten digits with and without normalised layers: which learning "
        "rates it bears and what its signals look like. At test time an example comes alone, so "
        "averages of the training replace the statistics of the batch.",
        (
            "batch_norm_forward",
            "batch_norm_backward",
            "update_statistics",
            "batch_norm_inference",
            "gradient_descent",
            "predict",
        ),
    ),
    Exercise(
        "c2x2",
        "optimization",
        "hyperparameters",
        "Searching for hyperparameters",
        "Learning rates and averages are drawn on a log scale, and trials at random try as many "
        "values of each hyperparameter as there are trials, a grid only a few. A real search on "
        "handwritten digits, coarse to fine, chosen on a dev set and tested once.",
        ("sample", "grid", "random_search", "grid_search", "coarse_to_fine", "rank", "split"),
    ),
    Exercise(
        "c3x1",
        "strategy",
        "bird_recognition",
        "Case study: bird recognition in a city",
        "Networks of several sizes learn to see birds, and the metric decides which one wins: "
        "accuracy, missed birds, run time, memory. Then images of another kind arrive, and the "
        "question is which sets they belong in.",
        ("BirdNetwork", "measure_run_time", "model_memory", "turn_knobs"),
    ),
    Exercise(
        "c3x2",
        "strategy",
        "autonomous_driving",
        "Case study: autonomous driving",
        "One network for four labels at once, some of them missing, against one network per label. "
        "Then fog: a train-dev set tells data mismatch from variance, and fog synthesised on clear "
        "images moves the numbers.",
        ("RoadNetwork", "synthesize_fog"),
    ),
    Exercise(
        "c4w1a1",
        "cnn",
        "convolution",
        "Convolution and pooling, step by step",
        "Padding, one step, a whole layer, pooling, and the gradients of all of them by hand: the "
        "loops of the lecture beside the fast form. What edge filters see, what a layer costs.",
        (
            "zero_pad",
            "conv_single_step",
            "conv_forward",
            "pool_forward",
            "conv_backward",
            "create_mask_from_window",
            "distribute_value",
            "pool_backward",
        ),
    ),
    Exercise(
        "c4w1a2",
        "cnn",
        "convolution_application",
        "Convolutional networks, a first application",
        "A sequential network tells happy faces from others, a functional one reads hand signs; "
        "what their filters and feature maps look like, and what a few more layers gain.",
        ("happyModel", "convolutional_model"),
        (*_HAPPY, *_SIGNS),
    ),
    Exercise(
        "c4w2a1",
        "cnn",
        "residual_networks",
        "Residual networks",
        "ResNet50 block by block, trained on hand signs; and why shortcuts help: how the gradient "
        "that reaches the first layers changes with depth, with shortcuts and without.",
        ("identity_block", "convolutional_block", "ResNet50"),
        _SIGNS,
    ),
    Exercise(
        "c4w2a2",
        "cnn",
        "transfer_learning",
        "Transfer learning with MobileNetV2",
        "Few pictures of alpacas and a network trained on something else: from scratch, with "
        "frozen features, and fine-tuned. Your own folder of pictures works too.",
        ("data_augmenter", "alpaca_model"),
    ),
    Exercise(
        "c4w3a1",
        "cnn",
        "car_detection",
        "Car detection with YOLO",
        "From the numbers of a network to boxes: filter, corners, non-max suppression. A small "
        "YOLO learns five kinds of objects on a street; YOLOv2 with your weights finds 80.",
        (
            "yolo_filter_boxes",
            "iou",
            "yolo_non_max_suppression",
            "yolo_boxes_to_corners",
            "yolo_head",
            "yolo_eval",
        ),
        ("coco_classes.txt", "yolo_anchors.txt"),
    ),
    Exercise(
        "c4w3a2",
        "cnn",
        "image_segmentation",
        "Image segmentation with U-Net",
        "A class for every pixel: a U-Net learns streets, scored class by class beside a "
        "guess that looks at no picture. Your own pictures and masks work too.",
        ("conv_block", "upsampling_block", "unet_model"),
    ),
    Exercise(
        "c4w4a1",
        "cnn",
        "face_recognition",
        "Face recognition",
        "An encoder learns from triplets to tell people apart, and then knows again people whom it "
        "never saw, from one picture each: verification with its ROC curve, recognition among 20, "
        "strangers turned away, Siamese heads.",
        ("triplet_loss", "img_to_encoding", "verify", "who_is_it"),
    ),
    Exercise(
        "c4w4a2",
        "cnn",
        "style_transfer",
        "Neural style transfer",
        "A picture is what is trained: its content from a photo, its style from a painting, both "
        "seen through the layers of VGG-19. Your own pictures work too.",
        (
            "compute_content_cost",
            "gram_matrix",
            "compute_layer_style_cost",
            "compute_style_cost",
            "total_cost",
            "train_step",
        ),
        ("louvre_small.jpg", "monet.jpg"),
    ),
    Exercise(
        "c4x1",
        "cnn",
        "architectures",
        "Classic networks side by side",
        "LeNet-5 to EfficientNet in one table: parameters, multiplications, memory and receptive "
        "field, layer by layer, and where each network spends them.",
        ("layer_costs", "summarize"),
    ),
    Exercise(
        "c5w1a1",
        "sequence",
        "recurrent",
        "Building a recurrent network, step by step",
        "RNN, LSTM and GRU by hand, forward and back through time, with all gradients checked; how "
        "gradients vanish on the way, and what an LSTM can remember that an RNN cannot.",
        (
            "rnn_cell_forward",
            "rnn_forward",
            "lstm_cell_forward",
            "lstm_forward",
            "rnn_cell_backward",
            "rnn_backward",
            "lstm_cell_backward",
            "lstm_backward",
        ),
    ),
    Exercise(
        "c5w1a2",
        "sequence",
        "dinosaur_names",
        "Dinosaur names, letter by letter",
        "An RNN learns to spell names and makes up new ones: clipped gradients, sampling, and what "
        "the temperature does to them.",
        ("clip", "sample", "optimize", "model"),
        ("dinos.txt",),
    ),
    Exercise(
        "c5w1a3",
        "sequence",
        "jazz_improvisation",
        "Improvise a jazz solo with an LSTM",
        "An LSTM reads solos word by word and then plays its own, over chords, to hear and to see: "
        "as MIDI, as sound, and held against what it learnt from.",
        ("djmodel", "music_inference_model", "predict_and_sample"),
        ("original_metheny.mid",),
    ),
    Exercise(
        "c5w2a1",
        "sequence",
        "word_vectors",
        "Operations on word vectors",
        "Similarity, analogies and bias by nothing but geometry: man is to woman as king is to "
        "queen, and how to take a prejudice out of the vectors. Your own GloVe file works too.",
        (
            "cosine_similarity",
            "complete_analogy",
            "neutralize",
            "equalize",
        ),
        ("glove.6B.50d.txt",),
    ),
    Exercise(
        "c5w2a2",
        "sequence",
        "emojify",
        "Emojify",
        "An emoji for a sentence: softmax on the average of its words, and an LSTM that reads them "
        "in order and so tells happy not sad from sad not happy. Your own sentence works too.",
        (
            "sentence_to_avg",
            "model",
            "sentences_to_indices",
            "pretrained_embedding_layer",
            "Emojify_V2",
        ),
        ("train_emoji.csv", "tesss.csv", "glove.6B.50d.txt"),
    ),
    Exercise(
        "c5w3a1",
        "sequence",
        "machine_translation",
        "Translate dates with attention",
        '"3rd of March 2001" becomes 2001-03-03: where the network looks for each character, what '
        "attention is worth, and whether search or model is to blame for a mistake.",
        ("one_step_attention", "modelf"),
    ),
    Exercise(
        "c5w3a2",
        "sequence",
        "trigger_word",
        "Trigger word detection",
        "Single words mixed into noise make any number of labelled clips, and a network with two "
        'GRUs hears "activate" among words that share its syllables. Your own recording works '
        "too, and rings a chime.",
        (
            "is_overlapping",
            "insert_audio_clip",
            "insert_ones",
            "create_training_example",
            "modelf",
        ),
        ("chime.wav", "trigger_word_model.h5"),
    ),
    Exercise(
        "c5w4a1",
        "sequence",
        "transformer",
        "The Transformer",
        "Attention, masks, positions, encoder and decoder, called as the course calls them; a "
        "network that translates number words into digits, with a cache and a beam; where its "
        "heads look.",
        (
            "get_angles",
            "positional_encoding",
            "create_padding_mask",
            "create_look_ahead_mask",
            "scaled_dot_product_attention",
            "FullyConnected",
            "EncoderLayer",
            "Encoder",
            "DecoderLayer",
            "Decoder",
            "Transformer",
        ),
    ),
    Exercise(
        "c5w4a2",
        "sequence",
        "ner",
        "Named entities in CVs",
        "Which words are names, employers, skills?  A Transformer encoder labels pieces of words; "
        "labels are aligned to pieces and back, and whole entities are counted.",
        ("tag_words", "word_pieces", "align_labels", "entities", "entity_f1", "EntityTagger"),
    ),
    Exercise(
        "c5w4a3",
        "sequence",
        "question_answering",
        "Answering questions about a story",
        "Where does the answer stand?  A Transformer encoder reads question and story and points "
        "at the first and the last piece of the answer, names and places it has never seen too.",
        ("encode_stories", "answer_positions", "best_span", "exact_match", "SpanFinder"),
    ),
    Exercise(
        "c5x1",
        "sequence",
        "language_model",
        "Language models of words and of characters",
        "How probable is a sentence? LSTMs of words and of characters against counts, by "
        "perplexity; what they write at several temperatures; and the course's poem model.",
        ("LanguageModel", "perplexity", "sentence_log_probability", "sample", "ShakespeareLM"),
        _POEMS,
    ),
    Exercise(
        "c5x2",
        "sequence",
        "embeddings",
        "Learning word vectors",
        "A neural language model, CBOW, skip-gram with three kinds of softmax, and GloVe learn the "
        "same text: what each of them costs and how many analogies it solves.",
        ("train_word_vectors",),
    ),
    Exercise(
        "c5x3",
        "sequence",
        "ctc",
        "Speech without alignments: CTC",
        "A loss that sums over all alignments, its gradient by hand, and three ways to read a "
        "transcript off; a small network writes down spoken digits of voices it has never heard.",
        ("ctc_collapse", "ctc_loss", "ctc_greedy_decode", "ctc_beam_decode"),
    ),
)


def find(name: str) -> Exercise:
    """Look an exercise up by `name`, `course/name` or number.

    Args:
        name: such as "logistic_regression", "nn_basics/logistic_regression" or "c1w2a2"; case and
            the choice between - and _ do not matter.

    Returns:
        The exercise.

    Raises:
        ValueError: there is none, with the nearest names; or several courses have one.

    Example:
        >>> find("c1w2a2").path
        'nn_basics/logistic_regression'
    """
    wanted = name.strip().lower().replace("-", "_")
    matches = [e for e in EXERCISES if wanted in (e.name, e.path, e.number)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        expected = "name one exercise"
        received = f"{name}, which several courses have"
        advice = f"Use one of {', '.join(e.path for e in matches)}."
        raise InvalidValue(sentence("NAME", expected, received, advice))
    known = [e.name for e in EXERCISES]
    if wanted.startswith("c") and wanted[1:2].isdigit():
        known = [e.number for e in EXERCISES]
    elif "/" in wanted:
        known = [e.path for e in EXERCISES]
    raise InvalidValue(sentence("NAME", "name an exercise", name, near_miss(wanted, known)))


def of_course(course: str | None = None) -> list[Exercise]:
    """The exercises of one course, in order; of all when none is named.

    Args:
        course: subpackage, such as "nn_basics", or the course's number, such as "1" or "c1".

    Returns:
        Exercises; empty for a course that has none yet.

    Raises:
        ValueError: no such course.

    Example:
        >>> len(of_course("1")) == len(of_course("nn_basics"))
        True
    """
    if course is None:
        return list(EXERCISES)
    numbers = {title[0]: key for key, title in COURSES.items()}
    key = numbers.get(course.lower().removeprefix("c"), course.lower().replace("-", "_"))
    if key not in COURSES:
        advice = near_miss(key, [*COURSES, *numbers])
        raise InvalidValue(sentence("course", "name a course", course, advice))
    return [e for e in EXERCISES if e.course == key]


def graded_functions(exercise: Exercise) -> dict[str, str]:
    """Signatures of the graded functions with the first line of their docstrings.

    Read off the source, so that nothing is imported.

    Args:
        exercise: one of the table.

    Returns:
        {"name(arguments)": first line of the docstring}, in the course's order.

    Example:
        >>> list(graded_functions(find("c1w2a2")))[0]
        'sigmoid(z)'
    """
    import ast

    with open(exercise.module_file, encoding="utf-8") as file:
        source = file.read()
    nodes = {
        node.name: node
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    lines = {}
    for name in exercise.graded:
        node = nodes[name]
        doc = (ast.get_docstring(node) or "").splitlines()[0]
        lines[f"{name}({_arguments(node)})"] = doc
    return lines


def _arguments(node) -> str:
    import ast

    if isinstance(node, ast.ClassDef):
        return "..."
    for argument in (*node.args.args, *node.args.kwonlyargs):
        argument.annotation = None
    return ast.unparse(node.args)
