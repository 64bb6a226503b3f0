"""Course 2, Improving Deep Neural Networks: how to make them learn well and fast.

    softmax_regression      more than two classes                                 (week 3, lecture)
    batch_normalization     normalising every hidden layer, by hand               (week 3, lecture)
    hyperparameters         log scales, random against grid, coarse to fine       (week 3, lecture)
    models                  regularised networks and learning rates in Keras

All but `models` are NumPy only.  Columns are examples: X is (n_x, m), Y is (n_y, m).
"""
