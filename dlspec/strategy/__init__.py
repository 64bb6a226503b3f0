"""Course 3, Structuring Machine Learning Projects: what to do next, from numbers you have.

    metrics              precision, recall, F1, weighted error, one number to rank by   (week 1)
    goals                optimizing and satisficing metrics                             (week 1)
    splits               train, train-dev, dev and test sets, by size and distribution  (weeks 1, 2)
    human_level          which human error stands for the Bayes error                   (week 1)
    bias_variance        bias, variance, data mismatch, and the remedies of each        (weeks 1, 2)
    error_analysis       mistakes by category, and what fixing one could gain           (week 2)
    transfer_learning    a new head on a trained model, as much of it frozen as fits    (week 2)
    multi_task           several yes-or-no labels at once, some of them missing         (week 2)
    end_to_end           a pipeline's errors, stage by stage                            (week 2)
    bird_recognition     case study: candidates, metrics, images of another kind        (week 1)
    autonomous_driving   case study: four labels at once, fog from a depth map          (week 2)

All but `transfer_learning`, `multi_task` and the two case studies are NumPy only.  Every answer is
a report: the numbers it used, what it concludes, what it cannot tell and what would be needed.
"""
