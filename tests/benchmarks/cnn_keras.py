"""Course 4: a training step of ResNet50 against the same network of keras.applications."""

import numpy as np

from tests.benchmarks.harness import Row

SHAPE, CLASSES, BATCH = (64, 64, 3), 6, 16


def resnet50_step():
    """Adam on one mini-batch; both networks on the backend that Keras has loaded."""
    import keras

    from dlspec.cnn.residual_networks import ResNet50

    random = np.random.default_rng(0)
    x = random.random((BATCH, *SHAPE), dtype=np.float32)
    y = random.integers(0, CLASSES, BATCH)

    def step(model):
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        return lambda: model.train_on_batch(x, y)

    theirs = keras.applications.ResNet50(weights=None, input_shape=SHAPE, classes=CLASSES)
    return step(ResNet50(SHAPE, CLASSES)), step(theirs)


ROWS = [
    Row("ResNet50 64 px training step", "keras.applications", 1.1, resnet50_step, runs=9, warmup=2),
]
