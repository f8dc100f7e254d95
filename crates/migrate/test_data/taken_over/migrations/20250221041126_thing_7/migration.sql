-- CreateTable
CREATE TABLE "Thing1" (
    "id" UUID NOT NULL,
    "a" TIME(3),

    CONSTRAINT "Thing1_pkey" PRIMARY KEY ("id")
);
