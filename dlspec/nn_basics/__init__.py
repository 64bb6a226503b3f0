"""Course 1, Neural Networks and Deep Learning: one module per exercise.

    numpy_basics            sigmoid, softmax, norms and losses in NumPy           (week 2)
    logistic_regression     one neuron, gradient descent                          (week 2)
    planar_classification   one hidden layer                                      (week 3)
    deep_network            L layers, step by step                                (week 4)
    image_classification    two and L layers on photos of cats                    (week 4)
    models                  the same networks in Keras

All but `models` are NumPy only.  Columns are examples: X is (n_x, m), Y is (1, m).
"""
