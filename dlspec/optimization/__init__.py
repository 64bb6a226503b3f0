"""Course 2, Improving Deep Neural Networks: how to make them learn well and fast.

    initialization            zeros, large random numbers, He, Xavier, Glorot   (week 1)
    regularization            L2, L1, dropout, early stopping, ensembles        (week 1)
    gradient_checking         a backward pass held against differences          (week 1)
    optimization_methods      mini-batches, momentum, RMSprop, Adam, decays     (week 2)
    tensorflow_introduction   gradients from a tape, on hand signs              (week 3)
    softmax_regression        more than two classes                             (week 3, lecture)
    batch_normalization       normalising every hidden layer, by hand           (week 3, lecture)
    hyperparameters           log scales, random against grid, coarse to fine   (week 3, lecture)
    models                    regularised networks and learning rates in Keras

All but `models` and `tensorflow_introduction` are NumPy only.  Columns are examples: X is (n_x, m),
Y is (n_y, m).
"""
