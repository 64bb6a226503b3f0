"""Course 4, Convolutional Neural Networks.  Images are (m, height, width, channels).

    convolution               convolution and pooling by hand, forward and backward  (week 1)
    convolution_variants      sizes, costs, edge filters, 1-D, 3-D, transposed       (weeks 1-4)
    convolution_application   two first networks in Keras                            (week 1)
    residual_networks         ResNet18, 34 and 50, and one without shortcuts         (week 2)
    classic_networks          LeNet-5, AlexNet, VGG16, VGG19                         (week 2)
    inception                 inception block and GoogLeNet                          (week 2)
    mobilenet                 MobileNetV1 and V2                                     (week 2)
    efficientnet              B0 to B7 from one scaling rule                         (week 2)
    architectures             parameters, products, memory, receptive field          (ours)
    transfer_learning         MobileNetV2 with a new head, augmentation, fine-tuning (week 2)
    boxes                     overlap, non-max suppression, anchors, precision       (week 3)
    car_detection             from the output of YOLO to boxes                       (week 3)
    yolo                      YOLOv2, a small YOLO, Darknet's files, targets, loss   (week 3)
    sliding_windows           localisation, landmarks, all windows in one pass       (week 3)
    image_segmentation        U-Net, and how well masks fit                          (week 3)
    face_recognition          triplets, verification, who it is                      (week 4)
    face_database             people and their encodings, safe in a file             (week 4)
    face_networks             encoders, NN4-small2 among them, and Siamese heads     (week 4)
    face_measures             ROC curve, threshold, recognition among K              (week 4)
    style_transfer            a picture with the style of another                    (week 4)

`convolution`, `convolution_variants`, `boxes` and `face_measures` are NumPy only; the others are
Keras builders that run on any of its backends.
"""
